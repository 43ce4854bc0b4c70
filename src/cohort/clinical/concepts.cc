#include "cohort/clinical/concepts.h"

#include <toml++/toml.h>

#include <cctype>

#include "cohort/catalogue.h"
#include "cohort/clinical/concept_file.h"
#include "understudy/error.h"

namespace understudy {
namespace {

constexpr std::string_view kSameUnit = "same_unit";

using Spellings = std::map<std::string, std::vector<std::string>, std::less<>>;  // of each unit, normalised

template <class... Args>
[[noreturn]] void refuse(std::string_view place, const toml::node& node, fmt::format_string<Args...> text, Args&&... args) {
  fail(ErrorKind::input, "{} line {}: {}", place, node.source().begin.line,
       fmt::format(text, std::forward<Args>(args)...));
}

std::vector<std::string> texts(const toml::node& node, std::string_view key, std::string_view place) {
  std::vector<std::string> result;
  const auto* array = node.as_array();
  if (array == nullptr) refuse(place, node, "'{}' must be a list of texts", key);
  for (const toml::node& entry : *array) {
    if (!entry.is_string()) refuse(place, entry, "'{}' must be a list of texts", key);
    result.push_back(**entry.as_string());
  }
  return result;
}

// "table/item@unit"
ConceptItem parse_item(std::string_view text) {
  ConceptItem item;
  const auto slash = text.find('/');
  const auto at = text.rfind('@');
  if (at != std::string_view::npos) item.unit = text.substr(at + 1);
  text = text.substr(0, at);
  if (slash != std::string_view::npos && slash < text.size()) {
    item.table = text.substr(0, slash);
    text.remove_prefix(slash + 1);
  }
  item.item = text;
  return item;
}

UnitConversion parse_conversion(const toml::node& node, std::string_view place) {
  if (const auto factor = node.value<double>()) return {*factor, 0};
  const auto* pair = node.as_array();
  const bool numbers = pair != nullptr && pair->size() == 2 && pair->get(0)->value<double>() && pair->get(1)->value<double>();
  if (!numbers) refuse(place, node, "a unit's conversion must be a factor or [factor, offset]");
  return {*pair->get(0)->value<double>(), *pair->get(1)->value<double>()};
}

Concept parse_concept(const std::string& name, const toml::table& table, const Spellings& same, std::string_view place) {
  const CatalogueEntry& entry = find_catalogue_entry(name, place);
  Concept result{.name = name, .aggregate = Aggregate::median, .items = {}, .units = {}};
  result.units.emplace(normalised_unit(entry.unit), UnitConversion{});
  if (const auto found = same.find(entry.unit); found != same.end()) {
    for (const std::string& unit : found->second) result.units.emplace(unit, UnitConversion{});
  }
  for (const auto& [key, node] : table) {
    if (key.str() == "units") {
      if (!node.is_table()) refuse(place, node, "'units' must be a table of factors");
      for (const auto& [unit, conversion] : *node.as_table()) {
        result.units.insert_or_assign(normalised_unit(unit.str()), parse_conversion(conversion, place));
      }
    } else if (key.str() == "aggregate") {
      result.aggregate = parse_aggregate(node.value_or(std::string()));
    } else {
      for (const std::string& item : texts(node, key.str(), place)) {
        result.items[std::string(key.str())].push_back(parse_item(item));
      }
    }
  }
  for (const auto& [format, items] : result.items) {
    for (const ConceptItem& item : items) {
      if (!result.conversion(item.unit)) refuse(place, table, "no conversion of '{}' for {} in {}", item.unit, name, format);
    }
  }
  return result;
}

}  // namespace

std::string normalised_unit(std::string_view unit) {
  std::string result;
  for (const char c : unit) {
    if (c != ' ') result += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return result;
}

std::span<const ConceptItem> Concept::items_of(std::string_view format) const {
  const auto found = items.find(format);
  return found == items.end() ? std::span<const ConceptItem>{} : std::span<const ConceptItem>(found->second);
}

std::optional<UnitConversion> Concept::conversion(std::string_view unit) const {
  const std::string normal = normalised_unit(unit);
  if (normal.empty()) return UnitConversion{};
  const auto found = units.find(normal);
  return found == units.end() ? std::nullopt : std::optional(found->second);
}

const Concept* Concepts::find(std::string_view name) const {
  const auto found = concepts_.find(name);
  return found == concepts_.end() ? nullptr : &found->second;
}

Concepts parse_concepts(std::string_view toml_text, std::string_view place) {
  toml::table file;
  try {
    file = toml::parse(toml_text);
  } catch (const toml::parse_error& error) {
    fail(ErrorKind::input, "{} line {}: {}", place, error.source().begin.line, error.description());
  }
  Spellings same;
  if (const auto* table = file.get_as<toml::table>(kSameUnit)) {
    for (const auto& [unit, spellings] : *table) {
      for (const std::string& text : texts(spellings, unit.str(), place)) same[std::string(unit.str())].push_back(normalised_unit(text));
    }
  }
  Concepts concepts;
  for (const auto& [name, node] : file) {
    if (name.str() == kSameUnit) continue;
    if (!node.is_table()) refuse(place, node, "'{}' must be a table", name.str());
    concepts.concepts_.emplace(name.str(), parse_concept(std::string(name.str()), *node.as_table(), same, place));
  }
  return concepts;
}

const Concepts& standard_concepts() {
  static const Concepts concepts = parse_concepts(concept_file("concepts.toml"), "concepts.toml");
  return concepts;
}

const Concept* concept_of(const ColumnSpec& spec) {
  return standard_concepts().find(spec.catalogue.empty() ? spec.name : spec.catalogue);
}

}  // namespace understudy
