#include "encode/spec_json.h"

#include <optional>

#include "understudy/error.h"

namespace understudy {
namespace {

template <class T>
nlohmann::json or_null(const std::optional<T>& value) {
  return value ? nlohmann::json(*value) : nlohmann::json();
}

template <class T>
std::optional<T> optional_at(const nlohmann::json& json, const char* key) {
  return json.at(key).is_null() ? std::nullopt : std::optional<T>(json.at(key).get<T>());
}

std::optional<int> decimals_at(const nlohmann::json& json) {
  const nlohmann::json& decimals = json.at("decimals");
  if (decimals.is_null()) return std::nullopt;
  if (!decimals.is_number_integer() || decimals < 0 || decimals > 15) {
    fail(ErrorKind::input, "decimals is {}; accepted: 0 to 15", decimals.dump());
  }
  return decimals.get<int>();
}

}  // namespace

nlohmann::json spec_to_json(const ColumnSpec& spec) {
  return {{"name", spec.name},
          {"type", to_string(spec.type)},
          {"minimum", or_null(spec.minimum)},
          {"maximum", or_null(spec.maximum)},
          {"decimals", or_null(spec.decimals)},
          {"categories", spec.categories},
          {"nullable", spec.nullable},
          {"public", spec.is_public},
          {"static", spec.is_static}};
}

ColumnSpec spec_from_json(const nlohmann::json& json) {
  ColumnSpec spec;
  json.at("name").get_to(spec.name);
  spec.type = parse_column_type(json.at("type").get<std::string>());
  spec.minimum = optional_at<double>(json, "minimum");
  spec.maximum = optional_at<double>(json, "maximum");
  if (spec.minimum && spec.maximum && !(*spec.minimum <= *spec.maximum)) {
    fail(ErrorKind::input, "column '{}' has minimum {} above maximum {}", spec.name, *spec.minimum, *spec.maximum);
  }
  spec.decimals = decimals_at(json);
  json.at("categories").get_to(spec.categories);
  json.at("nullable").get_to(spec.nullable);
  json.at("public").get_to(spec.is_public);
  json.at("static").get_to(spec.is_static);
  return spec;
}

}  // namespace understudy
