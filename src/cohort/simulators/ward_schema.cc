#include "cohort/catalogue.h"
#include "cohort/simulators/ward_codes.h"
#include "cohort/simulators/ward_variables.h"

namespace understudy {
namespace {

ColumnSpec ranged(std::string name, std::string_view range) {
  const CatalogueEntry& entry = find_catalogue_entry(range, "ward");
  ColumnSpec spec;
  spec.name = std::move(name);
  spec.type = entry.decimals == 0 ? ColumnType::integer : ColumnType::real;
  spec.unit = entry.unit;
  spec.minimum = entry.minimum;
  spec.maximum = entry.maximum;
  if (entry.decimals > 0) spec.decimals = entry.decimals;
  spec.catalogue = entry.name;
  return spec;
}

ColumnSpec whole(std::string name, std::string unit, double minimum, double maximum) {
  ColumnSpec spec;
  spec.name = std::move(name);
  spec.type = ColumnType::integer;
  spec.unit = std::move(unit);
  spec.minimum = minimum;
  spec.maximum = maximum;
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

ColumnSpec discharge_codes() {
  ColumnSpec spec;
  spec.name = "diagnoses";
  spec.type = ColumnType::codes;
  for (const WardCode& code : kWardCodes) spec.categories.push_back("icd10:" + std::string(code.category));
  spec.max_codes = kMostWardCodes;
  spec.description = "ICD-10 categories, written down at discharge";
  return spec;
}

std::vector<ColumnSpec> stay_columns() {
  std::vector<std::string> diagnoses;
  for (const WardDiagnosis& diagnosis : kWardDiagnoses) diagnoses.emplace_back(diagnosis.name);
  std::vector<ColumnSpec> columns = {
      ranged("age", "age_adult"),
      choice("sex", ColumnType::category, {"F", "M"}),
      ranged("height_cm", "height_cm"),
      ranged("weight_kg", "weight_kg"),
      choice("admission_type", ColumnType::category, {"emergency", "elective", "urgent"}),
      choice("unit", ColumnType::category, {"medical", "surgical", "cardiac", "neuro"}),
      choice("diagnosis", ColumnType::category, std::move(diagnoses)),
      whole("length_of_stay_hours", "h", 1, 168),
      choice("died", ColumnType::boolean, {"false", "true"}),
      discharge_codes()};
  columns[0].nullable = false;
  columns[1].is_sensitive = true;
  columns[7].description = "the series ends with the last minute of the last hour";
  columns[8].is_target = true;
  columns[8].description = "death in hospital";
  for (ColumnSpec& column : columns) column.is_static = true;
  return columns;
}

ColumnSpec measured(std::string_view name) {
  if (name == "mechanical_ventilation") {
    ColumnSpec spec = choice(std::string(name), ColumnType::boolean, {"false", "true"});
    spec.nullable = true;
    return spec;
  }
  return ranged(std::string(name), name);
}

Schema schema_of(std::string name) {
  Schema schema;
  schema.name = std::move(name);
  schema.subject = "person";
  schema.time = "minute";
  schema.max_rows = 504;  // three an hour
  schema.time_spec = whole("minute", "min", 0, 10080);
  schema.time_spec.description = "since admission";
  schema.columns = stay_columns();
  for (const WardVariable& variable : kWardVariables) schema.columns.push_back(measured(variable.name));
  schema.constraints = {{Constraint::Kind::less_equal, {"diastolic_pressure", "systolic_pressure"}, 0},
                        {Constraint::Kind::less_equal, {"bilirubin_direct", "bilirubin_total"}, 0}};
  return schema;
}

}  // namespace

Schema ward_schema() { return schema_of("ward"); }
Schema ward_b_schema() { return schema_of("ward-b"); }

}  // namespace understudy
