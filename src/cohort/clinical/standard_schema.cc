#include "cohort/clinical/standard_schema.h"

#include "cohort/catalogue.h"
#include "cohort/clinical/concepts.h"
#include "understudy/error.h"
#include "understudy/reader.h"

namespace understudy {
namespace {

ColumnSpec ranged(const CatalogueEntry& entry, ColumnType type) {
  ColumnSpec spec;
  spec.name = entry.name;
  spec.type = type;
  spec.unit = entry.unit;
  spec.minimum = entry.minimum;
  spec.maximum = entry.maximum;
  spec.catalogue = entry.name;
  if (type == ColumnType::real) spec.decimals = entry.decimals;
  return spec;
}

ColumnSpec categorical(std::string name, ColumnType type, std::vector<std::string> categories) {
  ColumnSpec spec;
  spec.name = std::move(name);
  spec.type = type;
  spec.categories = std::move(categories);
  spec.is_static = true;
  return spec;
}

bool is_kept(std::string_view format, const CatalogueEntry& entry) {
  const Concept* variable = standard_concepts().find(entry.name);
  return variable != nullptr && !variable->items_of(format).empty();
}

}  // namespace

std::vector<VariableEntry> clinical_variables() {
  std::vector<VariableEntry> result;
  for (const CatalogueEntry& entry : catalogue()) {
    const Concept* variable = standard_concepts().find(entry.name);
    if (variable == nullptr) continue;
    std::vector<std::string> formats;
    for (const auto& [format, items] : variable->items) formats.push_back(format);
    result.push_back({std::string(entry.name), fmt::format("{}, {} to {}; {}", entry.unit, entry.minimum, entry.maximum,
                                                           fmt::join(formats, ", "))});
  }
  return result;
}

Schema standard_schema(std::string_view format) {
  Schema schema;
  schema.name = format;
  schema.subject = "person";
  schema.time = "hour";
  schema.time_spec.name = schema.time;
  schema.time_spec.type = ColumnType::integer;
  schema.time_spec.unit = "h";
  schema.time_spec.minimum = 0;
  schema.time_spec.maximum = 47;
  schema.time_spec.nullable = false;
  schema.columns = {ranged(find_catalogue_entry("age", "the standard schema"), ColumnType::integer),
                    categorical("sex", ColumnType::category, {"F", "M"}),
                    categorical("died", ColumnType::boolean, {"false", "true"})};
  schema.columns[0].is_static = true;
  schema.columns[2].is_target = true;
  const std::size_t people = schema.columns.size();
  for (const CatalogueEntry& entry : catalogue()) {
    if (!is_kept(format, entry)) continue;
    schema.columns.push_back(ranged(entry, ColumnType::real));
    schema.columns.back().is_static = entry.name == "height_cm" || entry.name == "weight_kg";
  }
  if (schema.columns.size() == people) {
    fail(ErrorKind::usage, "columns of {} are called like its items: write the schema by hand (docs/clinical.md)", format);
  }
  schema.validate();
  return schema;
}

}  // namespace understudy
