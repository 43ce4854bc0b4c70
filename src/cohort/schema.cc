#include "understudy/schema.h"

#include <algorithm>
#include <set>

#include "cohort/catalogue.h"
#include "understudy/error.h"

namespace understudy {
namespace {

constexpr std::string_view kTypeNames[] = {"real", "integer", "category", "ordinal", "boolean",
                                           "date", "datetime", "id", "text", "codes"};

constexpr std::string_view kAggregateNames[] = {"median", "mean", "min", "max", "first", "last", "sum"};

constexpr double kNewYear2000 = 10957;  // 1 January 2000 in days since 1970
constexpr double kDay = 86400e6;        // in the microseconds of datetimes

std::vector<ColumnSpec> matching(const Schema& schema, bool is_static) {
  std::vector<ColumnSpec> result;
  for (const ColumnSpec& column : schema.columns) {
    if ((column.is_static || !schema.has_series()) == is_static) result.push_back(column);
  }
  return result;
}

void check_codes(const ColumnSpec& column) {
  if (!is_set(column.type)) {
    if (!column.max_codes) return;
    fail(ErrorKind::input, "schema: column '{}' is a {} and has max_codes; only a codes column has", column.name,
         to_string(column.type));
  }
  if (column.minimum || column.maximum || column.decimals) {
    fail(ErrorKind::input, "schema: column '{}' is a codes column; minimum, maximum and decimals are for numbers",
         column.name);
  }
  if (column.max_codes && *column.max_codes < 1) {
    fail(ErrorKind::input, "schema: column '{}' has max_codes = {}; it must be at least 1", column.name,
         *column.max_codes);
  }
  for (const std::string& code : column.categories) {
    if (!code.empty() && code.find(';') == std::string::npos) continue;
    fail(ErrorKind::input, "schema: column '{}' has the code '{}'; a code has a text, without ';' (it separates codes)",
         column.name, code);
  }
}

void check_column(const ColumnSpec& column) {
  if (column.name.empty()) fail(ErrorKind::input, "schema: a column has no name");
  if (column.minimum && column.maximum && *column.minimum > *column.maximum) {
    fail(ErrorKind::input, "schema: column '{}' has minimum {} above maximum {}; swap them", column.name,
         *column.minimum, *column.maximum);
  }
  if (column.decimals && (*column.decimals < 0 || *column.decimals > 15)) {
    fail(ErrorKind::input, "schema: column '{}' has decimals = {}; accepted: 0 to 15", column.name, *column.decimals);
  }
  if ((is_categorical(column.type) || is_set(column.type)) && column.categories.empty()) {
    fail(ErrorKind::input, "schema: column '{}' is a {} without categories; list them", column.name,
         to_string(column.type));
  }
  const std::set<std::string> unique(column.categories.begin(), column.categories.end());
  if (unique.size() != column.categories.size()) {
    fail(ErrorKind::input, "schema: column '{}' names a category twice", column.name);
  }
  check_codes(column);
}

void check_constraint(const Schema& schema, const Constraint& constraint) {
  const bool pair = constraint.kind == Constraint::Kind::less_equal;
  if (constraint.columns.empty() || (pair && constraint.columns.size() != 2)) {
    fail(ErrorKind::input, "schema: a {} constraint needs {}", pair ? "less_equal" : "sum_at_most",
         pair ? "two columns" : "at least one column");
  }
  for (const std::string& name : constraint.columns) {
    const ColumnType type = schema.column(name).type;
    if (type != ColumnType::real && type != ColumnType::integer) {
      fail(ErrorKind::input, "schema: a constraint speaks of column '{}', which is a {}; accepted: real, integer",
           name, to_string(type));
    }
  }
}

}  // namespace

std::string_view to_string(ColumnType type) { return kTypeNames[static_cast<std::size_t>(type)]; }

ColumnType parse_column_type(std::string_view name) {
  for (std::size_t i = 0; i < std::size(kTypeNames); ++i) {
    if (kTypeNames[i] == name) return static_cast<ColumnType>(i);
  }
  fail(ErrorKind::input, "'{}' is no column type; accepted: {}", name, fmt::join(kTypeNames, ", "));
}

std::string_view to_string(Aggregate aggregate) { return kAggregateNames[static_cast<std::size_t>(aggregate)]; }

Aggregate parse_aggregate(std::string_view name) {
  const auto* found = std::find(std::begin(kAggregateNames), std::end(kAggregateNames), name);
  if (found != std::end(kAggregateNames)) return static_cast<Aggregate>(found - std::begin(kAggregateNames));
  fail(ErrorKind::input, "there is no aggregate '{}'; accepted: {}", name, fmt::join(kAggregateNames, ", "));
}

bool is_numeric(ColumnType type) {
  return type == ColumnType::real || type == ColumnType::integer || type == ColumnType::date ||
         type == ColumnType::datetime;
}

bool is_categorical(ColumnType type) {
  return type == ColumnType::category || type == ColumnType::ordinal || type == ColumnType::boolean;
}

bool is_set(ColumnType type) { return type == ColumnType::codes; }

const ColumnSpec* Schema::find(std::string_view name_wanted) const {
  const auto it = std::find_if(columns.begin(), columns.end(), [&](const auto& c) { return c.name == name_wanted; });
  return it == columns.end() ? nullptr : &*it;
}

const ColumnSpec& Schema::column(std::string_view name_wanted) const {
  if (const ColumnSpec* found = find(name_wanted)) return *found;
  std::vector<std::string> known;
  for (const ColumnSpec& spec : columns) known.push_back(spec.name);
  fail(ErrorKind::input, "the schema has no column '{}'; it has {}", name_wanted, fmt::join(known, ", "));
}

std::vector<ColumnSpec> Schema::statics() const { return matching(*this, true); }
std::vector<ColumnSpec> Schema::series() const { return matching(*this, false); }

bool Schema::is_public() const {
  return (time.empty() || time_spec.is_public) &&
         std::all_of(columns.begin(), columns.end(), [](const auto& c) { return c.is_public; });
}

void Schema::validate() const {
  if (unit != "person" && unit != "stay") {
    fail(ErrorKind::input, "schema: unit is '{}'; accepted: person, stay", unit);
  }
  if (columns.empty()) fail(ErrorKind::input, "schema: it has no columns");
  if (subject.empty()) fail(ErrorKind::input, "schema: 'subject' is missing; name the person's column, or \"row\"");
  if (row_is_subject() && has_series()) {
    fail(ErrorKind::input, "schema: subject = \"row\" means one row a person; it cannot have a time or repeated rows");
  }
  std::set<std::string> names = {subject};
  if (!time.empty() && !names.insert(time).second) fail(ErrorKind::input, "schema: '{}' is subject and time", time);
  for (const ColumnSpec& column_spec : columns) {
    check_column(column_spec);
    if (!names.insert(column_spec.name).second) {
      fail(ErrorKind::input, "schema: column '{}' stands there twice (subject and time are not listed as columns)",
           column_spec.name);
    }
  }
  if (!time.empty() && !is_numeric(time_spec.type)) {
    fail(ErrorKind::input, "schema: the time column '{}' is a {}; accepted: date, datetime, integer, real", time,
         to_string(time_spec.type));
  }
  for (const Constraint& constraint : constraints) check_constraint(*this, constraint);
}

std::string unit_of(const Schema& schema) { return schema.row_is_subject() ? "row" : schema.unit; }

bool names_a_stay(std::string_view column) {
  constexpr std::string_view kStays[] = {"stayid", "icustayid", "hadmid", "patientunitstayid", "patienthealthsystemstayid",
                                         "visitoccurrenceid", "visitid", "encounterid", "admissionid", "episodeid",
                                         "icustay", "stay", "encounter", "visit", "admission"};
  const std::string plain = plain_name(column);
  return std::find(std::begin(kStays), std::end(kStays), plain) != std::end(kStays);
}

double public_time(const ColumnSpec& time, std::int64_t index) {
  const double step = time.type == ColumnType::datetime ? kDay : 1;
  double origin = time.type == ColumnType::date ? kNewYear2000 : time.type == ColumnType::datetime ? kNewYear2000 * kDay : 0;
  if (time.minimum && time.is_public) origin = *time.minimum;
  return origin + step * static_cast<double>(index);
}

}  // namespace understudy
