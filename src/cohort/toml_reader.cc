#include "cohort/toml_reader.h"

#include <algorithm>
#include <chrono>
#include <cmath>

namespace understudy {

TomlTable::TomlTable(const toml::table& table, std::string_view what, std::span<const std::string_view> known,
                     std::string_view place)
    : table_(table), what_(what), place_(place) {
  for (const auto& [key, value] : table) {
    const std::string_view name = key.str();
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    refuse(name, "{} has no key '{}'; known: {}", what, name, fmt::join(known, ", "));
  }
}

std::uint32_t TomlTable::line(std::string_view key) const {
  const toml::node* found = node(key);
  return found != nullptr ? found->source().begin.line : table_.source().begin.line;
}

std::string TomlTable::text(std::string_view key, std::string_view otherwise) const {
  const toml::node* found = node(key);
  if (found == nullptr) return std::string(otherwise);
  const auto* value = found->as_string();
  if (value == nullptr) refuse(key, "{} of {} must be a string in quotes", key, what_);
  return value->get();
}

bool TomlTable::boolean(std::string_view key, bool otherwise) const {
  const toml::node* found = node(key);
  if (found == nullptr) return otherwise;
  const auto* value = found->as_boolean();
  if (value == nullptr) refuse(key, "{} of {} must be true or false", key, what_);
  return value->get();
}

std::optional<std::int64_t> TomlTable::integer(std::string_view key) const {
  const toml::node* found = node(key);
  if (found == nullptr) return std::nullopt;
  const auto* value = found->as_integer();
  if (value == nullptr) refuse(key, "{} of {} must be a whole number", key, what_);
  return value->get();
}

std::optional<double> TomlTable::number(std::string_view key) const {
  const toml::node* found = node(key);
  if (found == nullptr) return std::nullopt;
  if (const auto* value = found->as_integer()) return static_cast<double>(value->get());
  const auto* value = found->as_floating_point();
  if (value == nullptr || !std::isfinite(value->get())) refuse(key, "{} of {} must be a finite number", key, what_);
  return value->get();
}

std::optional<double> TomlTable::bound(std::string_view key, ColumnType type) const {
  const toml::node* found = node(key);
  if (found == nullptr) return std::nullopt;
  if (!is_numeric(type))
    refuse(key, "a {} has no {}; accepted for real, integer, date, datetime", to_string(type), key);
  if (found->is_date() || found->is_date_time()) return time_bound(key, *found, type);
  return number(key);
}

double TomlTable::time_bound(std::string_view key, const toml::node& value, ColumnType type) const {
  if (type == ColumnType::date && value.is_date()) return days_of(value.as_date()->get());
  if (type == ColumnType::datetime) {
    return value.is_date() ? days_of(value.as_date()->get()) * 86400e6 : microseconds_of(value.as_date_time()->get());
  }
  refuse(key, "{} of a {} column cannot be a {}", key, to_string(type), value.is_date() ? "date" : "date-time");
}

std::vector<std::string> TomlTable::texts(std::string_view key) const {
  const toml::node* found = node(key);
  if (found == nullptr) return {};
  const toml::array* array = found->as_array();
  if (array == nullptr) refuse(key, "{} of {} must be a list such as [\"a\", \"b\"]", key, what_);
  std::vector<std::string> result;
  for (const toml::node& element : *array) {
    if (const auto* text = element.as_string()) {
      result.push_back(text->get());
    } else if (const auto* number = element.as_integer()) {
      result.push_back(std::to_string(number->get()));
    } else if (const auto* flag = element.as_boolean()) {
      result.push_back(flag->get() ? "true" : "false");
    } else {
      refuse(key, "{} of {} must hold strings", key, what_);
    }
  }
  return result;
}

double days_of(const toml::date& date) {
  const std::chrono::year_month_day day{std::chrono::year(date.year), std::chrono::month(date.month),
                                        std::chrono::day(date.day)};
  return static_cast<double>(std::chrono::sys_days(day).time_since_epoch().count());
}

double microseconds_of(const toml::date_time& value) {
  double seconds =
      days_of(value.date) * 86400 + value.time.hour * 3600.0 + value.time.minute * 60.0 + value.time.second;
  if (value.offset) seconds -= value.offset->minutes * 60.0;
  return seconds * 1e6 + value.time.nanosecond / 1000;
}

}  // namespace understudy
