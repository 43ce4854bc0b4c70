#include "cohort/simulators/wearable.h"

namespace understudy {
namespace {

ColumnSpec number(std::string name, ColumnType type, std::string unit, double minimum, double maximum,
                  int decimals = 0) {
  ColumnSpec spec;
  spec.name = std::move(name);
  spec.type = type;
  spec.unit = std::move(unit);
  spec.minimum = minimum;
  spec.maximum = maximum;
  if (type == ColumnType::real) spec.decimals = decimals;
  spec.nullable = false;
  return spec;
}

ColumnSpec choice(std::string name, ColumnType type, std::vector<std::string> categories) {
  ColumnSpec spec;
  spec.name = std::move(name);
  spec.type = type;
  spec.categories = std::move(categories);
  spec.nullable = false;
  return spec;
}

std::vector<ColumnSpec> person_columns() {
  std::vector<ColumnSpec> columns = {number("age", ColumnType::integer, "a", 18, 80),
                                     choice("sex", ColumnType::category, {"female", "male"}),
                                     choice("region", ColumnType::category, {"north", "east", "south", "west"}),
                                     number("bmi", ColumnType::real, "kg/m2", 12, 80, 1),
                                     choice("chronic_condition", ColumnType::boolean, {"false", "true"})};
  columns[1].is_sensitive = true;
  columns[3].nullable = true;
  columns[4].is_target = true;
  for (ColumnSpec& column : columns) column.is_static = true;
  return columns;
}

std::vector<ColumnSpec> day_columns() {
  const auto integer = ColumnType::integer;
  std::vector<ColumnSpec> columns = {number("steps", integer, "{steps}", 0, 100000),
                                     number("distance_km", ColumnType::real, "km", 0, 100, 2),
                                     number("very_active_minutes", integer, "min", 0, 1440),
                                     number("fairly_active_minutes", integer, "min", 0, 1440),
                                     number("lightly_active_minutes", integer, "min", 0, 1440),
                                     number("sedentary_minutes", integer, "min", 0, 1440),
                                     number("calories", integer, "kcal", 300, 12000),
                                     number("resting_heart_rate", integer, "/min", 30, 150),
                                     number("heart_rate", ColumnType::real, "/min", 30, 220, 1),
                                     number("minutes_asleep", integer, "min", 0, 1440),
                                     number("minutes_in_bed", integer, "min", 0, 1440),
                                     number("worn_minutes", integer, "min", 0, 1440)};
  for (std::size_t i = 7; i <= 10; ++i) columns[i].nullable = true;
  return columns;
}

}  // namespace

Schema wearable_schema() {
  Schema schema;
  schema.name = "wearable";
  schema.subject = "person";
  schema.time = "date";
  schema.max_rows = 28;
  schema.time_spec = number("date", ColumnType::date, "d", 19723, 20819);  // 1 January 2024 to 1 January 2027
  schema.columns = person_columns();
  const auto days = day_columns();
  schema.columns.insert(schema.columns.end(), days.begin(), days.end());
  schema.constraints = {
      {Constraint::Kind::sum_at_most,
       {"very_active_minutes", "fairly_active_minutes", "lightly_active_minutes", "sedentary_minutes"},
       1440},
      {Constraint::Kind::less_equal, {"minutes_asleep", "minutes_in_bed"}, 0}};
  return schema;
}

}  // namespace understudy
