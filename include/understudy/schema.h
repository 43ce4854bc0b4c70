// The schema: what is publicly known about a data set before anybody looks at it.
//
// Types, units, ranges, categories and roles are public knowledge. Whatever was read off the data instead is marked
// `is_public = false` and may not be used by a private run. The text form is TOML (docs/formats/schema.md):
//
//   [schema]
//   name = "fitbit-daily"
//   subject = "Id"
//   time = "ActivityDate"
//
//   [[column]]
//   name = "TotalSteps"
//   type = "integer"
//   range = "catalogue:steps_per_day"
//
//   [[constraint]]
//   kind = "sum_at_most"
//   columns = ["VeryActiveMinutes", "SedentaryMinutes"]
//   limit = 1440
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace understudy {

enum class ColumnType { real, integer, category, ordinal, boolean, date, datetime, id, text, codes };

std::string_view to_string(ColumnType type);
ColumnType parse_column_type(std::string_view name);  // ErrorKind::input for an unknown name, with the known ones

// real, integer, date, datetime: have an order and a distance.
bool is_numeric(ColumnType type);
// category, ordinal, boolean: values are indices into ColumnSpec::categories.
bool is_categorical(ColumnType type);
// codes: a value is a set of indices into ColumnSpec::categories. The empty set is a value; none is ever missing.
bool is_set(ColumnType type);

// What stands for several values of a variable in one step of the time, where records are single measurements
// (docs/clinical.md).
enum class Aggregate { median, mean, min, max, first, last, sum };

std::string_view to_string(Aggregate aggregate);
Aggregate parse_aggregate(std::string_view name);  // ErrorKind::input for an unknown name, with the known ones

struct ColumnSpec {
  std::string name;
  ColumnType type = ColumnType::real;
  std::string unit;                     // UCUM where there is one
  std::optional<double> minimum;        // numeric columns, inclusive; dates in days, datetimes in microseconds since 1970
  std::optional<double> maximum;
  std::vector<std::string> categories;  // categorical columns, in order; boolean: {"false", "true"} unless declared;
                                        // codes: the vocabulary, no text empty or with a ';'
  std::optional<int> decimals;          // of reals: what values are rounded to; none: as many digits as read back the same
  std::optional<std::int64_t> max_codes;  // of codes: the most of a cell that count, the first in the order of the
                                          // categories, a public choice; private runs require it
  std::string format;                   // of dates and datetimes, strptime style; empty: ISO 8601
  std::string catalogue;                // entry of the public range catalogue the bounds came from
  std::string description;
  std::optional<Aggregate> aggregate;   // none: the variable's usual one
  bool is_public = true;                // false: bounds or categories were read off the data
  bool is_bought = false;               // bounds or categories were bought on the ledger; then public as well
  bool nullable = true;                 // whether a value may be missing; says nothing of codes
  bool is_static = false;               // describes the subject, once
  bool is_target = false;
  bool is_sensitive = false;
};

// Facts that hold in every record.
//   sum_at_most: columns[0] + ... <= limit          less_equal: columns[0] <= columns[1]
// A constraint with a missing operand holds.
struct Constraint {
  enum class Kind { sum_at_most, less_equal };
  Kind kind = Kind::sum_at_most;
  std::vector<std::string> columns;
  double limit = 0;
};

struct Schema {
  std::string name;
  std::string subject;                   // the column that names the person; "row": every row is a person
  std::string unit = "person";           // what a value of `subject` is: "person", or "stay" where one person may have
                                         // several and nobody can tell which; "row" when rows are people
  std::string time;                      // the column that orders a subject's rows; empty: none
  bool repeated = false;                 // a subject may have several rows (implied by `time`)
  std::optional<std::int64_t> subjects;  // number of people, when that is public
  std::optional<std::int64_t> max_rows;  // the most rows of a subject that count, a public choice; private runs leave
                                         // out later ones
  std::vector<ColumnSpec> columns;       // features; the subject column is not among them, the time column is not either
  ColumnSpec time_spec;                  // type date, datetime, integer or real; meaningful when `time` is set
  std::vector<Constraint> constraints;

  bool has_series() const { return repeated || !time.empty(); }
  bool row_is_subject() const { return subject == "row"; }
  const ColumnSpec* find(std::string_view column) const;      // nullptr when there is none
  const ColumnSpec& column(std::string_view column) const;    // ErrorKind::input, with the known names
  std::vector<ColumnSpec> statics() const;                    // all columns when there is no series
  std::vector<ColumnSpec> series() const;
  bool is_public() const;                                     // no column was read off the data

  // Throws ErrorKind::input naming column and cure: duplicate or empty names, inverted bounds, a constraint over
  // unknown or non-numeric columns, categories missing from a categorical or codes column, bounds or decimals of a
  // codes column, max_codes below 1 or of another column, a time column that is no time.
  void validate() const;
};

// "row" where rows are people, else schema.unit: what a guarantee speaks of.
std::string unit_of(const Schema& schema);
// Whether a column is called like the key of a stay, visit or admission (stay_id, hadm_id, encounter_id, ...).
bool names_a_stay(std::string_view column);

// The time of row `index` of a subject where real times are not to be used: from the schema's public minimum, else
// 1 January 2000 for dates and datetimes, else 0, in steps of a day for dates and datetimes, else of 1.
double public_time(const ColumnSpec& time, std::int64_t index);

// `place` is the file name that errors quote.
Schema parse_schema(std::string_view toml_text, std::string_view place);
Schema read_schema(const std::string& path);  // .toml: ours; .json: SDV metadata, V1 or V2
Schema parse_sdv_metadata(std::string_view json_text, std::string_view place);
std::string to_toml(const Schema& schema);    // parse_schema(to_toml(s)) equals s

}  // namespace understudy
