#include "metrics/clinical_columns.h"

#include <algorithm>

#include "cohort/catalogue.h"

namespace understudy {
namespace {

bool is_listed(std::string_view names, std::string_view wanted) {
  for (std::size_t begin = 0; begin <= names.size();) {
    const std::size_t end = std::min(names.find('|', begin), names.size());
    if (names.substr(begin, end - begin) == wanted) return true;
    begin = end + 1;
  }
  return false;
}

}  // namespace

std::string_view catalogue_entry_of(const ColumnSpec& spec) {
  if (!spec.catalogue.empty()) return spec.catalogue;
  const CatalogueEntry* entry = match_catalogue(spec.name);
  return entry == nullptr ? std::string_view{} : entry->name;
}

bool is_noninvasive(const std::string& name) {
  const std::string letters = plain_name(name);
  for (const char* start : {"nisys", "nidia", "nimap", "nimean", "nibp", "nbp"}) {
    if (letters.rfind(start, 0) == 0) return true;
  }
  return letters.find("noninvasive") != std::string::npos;
}

const ColumnSpec* column_for(const Schema& schema, std::string_view entry, bool noninvasive) {
  const ColumnSpec* found = nullptr;
  for (const ColumnSpec& spec : schema.columns) {
    if (!is_numeric(spec.type) || catalogue_entry_of(spec) != entry) continue;
    if (is_noninvasive(spec.name) != noninvasive) continue;
    if (found != nullptr) return nullptr;
    found = &spec;
  }
  return found;
}

bool is_named(const ColumnSpec& spec, std::string_view names) {
  return is_listed(names, plain_name(spec.name)) || is_listed(names, plain_name(spec.catalogue));
}

bool is_calendar(ColumnType type) { return type == ColumnType::date || type == ColumnType::datetime; }

std::optional<double> hours_of_time_unit(const Schema& schema) {
  const ColumnSpec& spec = schema.time_spec;
  if (schema.time.empty()) return std::nullopt;
  if (spec.type == ColumnType::date) return 24;
  if (spec.type == ColumnType::datetime) return 1 / 3.6e9;
  const std::string letters = plain_name(spec.unit.empty() ? schema.time + spec.catalogue : spec.unit);
  const auto says = [&](const char* code, const char* word) {
    return spec.unit == code || letters.find(word) != std::string::npos;
  };
  if (says("h", "hour")) return 1;
  if (says("min", "minute")) return 1.0 / 60;
  if (says("d", "day")) return 24;
  if (says("s", "second")) return 1.0 / 3600;
  return std::nullopt;
}

}  // namespace understudy
