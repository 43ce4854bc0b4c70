#include "testing/toy.h"

#include <algorithm>
#include <cmath>

namespace understudy::testing {
namespace {

ColumnSpec number(std::string name, ColumnType type, std::optional<double> minimum, std::optional<double> maximum) {
  ColumnSpec spec;
  spec.name = std::move(name);
  spec.type = type;
  spec.minimum = minimum;
  spec.maximum = maximum;
  return spec;
}

ColumnSpec choice(std::string name, ColumnType type, std::vector<std::string> categories) {
  ColumnSpec spec;
  spec.name = std::move(name);
  spec.type = type;
  spec.categories = std::move(categories);
  return spec;
}

ColumnSpec codes(std::string name, std::vector<std::string> categories, std::int64_t most) {
  ColumnSpec spec = choice(std::move(name), ColumnType::codes, std::move(categories));
  spec.max_codes = most;
  return spec;
}

std::vector<ColumnSpec> person_columns() {
  ColumnSpec note;
  note.name = std::string("note");
  note.type = ColumnType::text;
  std::vector<ColumnSpec> columns = {number("age", ColumnType::integer, 18, 95),
                                     choice("sex", ColumnType::category, {"female", "male", "other"}), note,
                                     codes("history", {"asthma", "stroke"}, 2)};
  for (ColumnSpec& column : columns) column.is_static = true;
  return columns;
}

Schema days_schema() {
  Schema schema;
  schema.name = std::string("toy-days");
  schema.subject = std::string("person");
  schema.time = std::string("day");
  schema.time_spec.name = std::string("day");
  schema.time_spec.type = ColumnType::date;
  schema.columns = person_columns();
  for (ColumnSpec& column :
       std::vector{number("steps", ColumnType::integer, 0, 60000), number("active", ColumnType::integer, 0, 1440),
                   number("resting", ColumnType::integer, 0, 1440), number("load", ColumnType::real, {}, {}),
                   choice("mood", ColumnType::ordinal, {"low", "fair", "good"}),
                   choice("worn", ColumnType::boolean, {"false", "true"})}) {
    schema.columns.push_back(std::move(column));
  }
  schema.columns.back().nullable = false;
  schema.columns.push_back(codes("found", {"I10", "E11", "J45", "Z99"}, 2));
  schema.constraints = {{Constraint::Kind::sum_at_most, {"active", "resting"}, 1440}};
  schema.validate();
  return schema;
}

void put(Column& column, std::int64_t row, double value, Rng& rng) {
  if (!rng.bernoulli(0.1)) column.set_number(row, value);
}

void fill_person(Cohort& cohort, std::int64_t s, double vigour, Rng& rng) {
  cohort.subjects.push_back(std::string(kKeyPrefix) + std::to_string(s));
  put(cohort.statics.column(0), s, std::clamp(std::round(50 - 12 * vigour + 6 * rng.normal()), 18.0, 95.0), rng);
  put(cohort.statics.column(1), s, rng.bernoulli(0.02) ? 2 : static_cast<double>(rng.below(2)), rng);
  cohort.statics.column(2).set_string(s, s == 0 ? std::string(kSentinelText) : "note " + std::to_string(s));
  if (rng.bernoulli(0.4)) cohort.statics.column(3).set_codes(s, {static_cast<std::int32_t>(rng.below(2))});
}

void fill_day(Cohort& cohort, std::int64_t row, double vigour, Rng& rng) {
  Table& series = cohort.series;
  const double active =
      rng.bernoulli(0.2) ? 0 : std::clamp(std::round(90 + 60 * vigour + 40 * rng.normal()), 0.0, 500.0);
  put(series.column(0), row, std::clamp(std::round(80 * active + 900 * rng.uniform()), 0.0, 60000.0), rng);
  put(series.column(1), row, active, rng);
  put(series.column(2), row, std::round((1440 - active) * rng.uniform(0.5, 1)), rng);
  put(series.column(3), row, rng.uniform(0, 100000), rng);
  put(series.column(4), row, static_cast<double>(rng.below(3)), rng);
  series.column(5).set_number(row, rng.bernoulli(0.9) ? 1 : 0);
  std::vector<std::int32_t> codes;
  for (std::int32_t code = 0; code < 2; ++code) {
    if (rng.bernoulli(vigour < 0 ? 0.6 : 0.2)) codes.push_back(code);
  }
  if (codes.empty() && rng.bernoulli(0.5)) codes.push_back(2);
  series.column(6).set_codes(row, codes);
}

Column& find(Cohort& cohort, std::string_view column) {
  const int in_series = cohort.series.find(column);
  Table& table = in_series >= 0 ? cohort.series : cohort.statics;
  return table.column(static_cast<std::size_t>(table.find(column)));
}

}  // namespace

Cohort toy_days(std::int64_t subjects, std::int64_t rows_each, std::uint64_t seed) {
  constexpr double kFirstDay = 17000;
  Cohort cohort = make_cohort(days_schema());
  cohort.statics.resize(subjects);
  cohort.series.resize(subjects * rows_each);
  cohort.times.resize(subjects * rows_each);
  Rng rng(seed);
  for (std::int64_t s = 0; s < subjects; ++s) {
    const double vigour = rng.normal();
    fill_person(cohort, s, vigour, rng);
    for (std::int64_t i = 0; i < rows_each; ++i) {
      fill_day(cohort, s * rows_each + i, vigour, rng);
      cohort.times.set_number(s * rows_each + i, kFirstDay + static_cast<double>(i));
    }
    cohort.offsets.push_back((s + 1) * rows_each);
  }
  if (cohort.series.rows() > 0) cohort.series.column(3).set_number(cohort.series.rows() / 2, kSentinelNumber);
  return cohort;
}

Cohort toy_table(std::int64_t subjects, std::uint64_t seed) {
  Schema schema;
  schema.name = std::string("toy-table");
  schema.subject = std::string("person");
  schema.columns = person_columns();
  schema.columns.push_back(number("load", ColumnType::real, {}, {}));
  schema.validate();
  Cohort cohort = make_cohort(schema);
  cohort.statics.resize(subjects);
  Rng rng(seed);
  for (std::int64_t s = 0; s < subjects; ++s) {
    fill_person(cohort, s, rng.normal(), rng);
    put(cohort.statics.column(4), s, rng.uniform(0, 100000), rng);
  }
  if (subjects > 0) cohort.statics.column(4).set_number(subjects / 2, kSentinelNumber);
  return cohort;
}

Cohort with_constant(Cohort cohort, std::string_view column) {
  Column& changed = find(cohort, column);
  for (std::int64_t row = 0; row < changed.size(); ++row) changed.set_number(row, 42);
  return cohort;
}

Cohort with_all_missing(Cohort cohort, std::string_view column) {
  Column& changed = find(cohort, column);
  for (std::int64_t row = 0; row < changed.size(); ++row) changed.set_missing(row);
  return cohort;
}

Cohort without_codes(const Cohort& cohort) {
  Schema schema = cohort.schema;
  std::erase_if(schema.columns, [](const ColumnSpec& spec) { return is_set(spec.type); });
  Cohort result = make_cohort(schema);
  result.subjects = cohort.subjects;
  result.times = cohort.times;
  result.offsets = cohort.offsets;
  for (auto [from, to] : {std::pair(&cohort.statics, &result.statics), std::pair(&cohort.series, &result.series)}) {
    to->resize(from->rows());
    for (std::size_t c = 0; c < to->width(); ++c) to->column(c) = from->column(to->name(c));
  }
  return result;
}

Cohort with_public_schema(const Cohort& cohort, std::int64_t subjects) {
  Schema schema = cohort.schema;
  schema.max_rows = 9;
  schema.subjects = subjects;
  for (ColumnSpec& column : schema.columns) {
    if (column.name == "load") column.minimum = 0, column.maximum = 100000;
  }
  return recode(cohort, schema);
}

}  // namespace understudy::testing
