// Reading TOML tables strictly: every key is known, every value has the right type, every error says file and line.
#pragma once

#include <toml++/toml.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "understudy/error.h"
#include "understudy/schema.h"

namespace understudy {

class TomlTable {
 public:
  // Fails when the table has a key that is not in `known`. `what` names the table in errors: "[[column]]".
  TomlTable(const toml::table& table, std::string_view what, std::span<const std::string_view> known,
            std::string_view place);

  bool has(std::string_view key) const { return table_.contains(key); }
  std::string text(std::string_view key, std::string_view otherwise = "") const;
  bool boolean(std::string_view key, bool otherwise) const;
  std::optional<std::int64_t> integer(std::string_view key) const;
  std::optional<double> number(std::string_view key) const;
  // A bound of a column: a number; of a date or datetime column also a TOML date or date-time.
  std::optional<double> bound(std::string_view key, ColumnType type) const;
  // An array of strings; whole numbers and booleans are taken as their text.
  std::vector<std::string> texts(std::string_view key) const;

  // Fails with the place of `key`, or of the table where the key is absent.
  template <class... Args>
  [[noreturn]] void refuse(std::string_view key, fmt::format_string<Args...> text, Args&&... args) const {
    fail(ErrorKind::input, "{} line {}: {}", place_, line(key), fmt::format(text, std::forward<Args>(args)...));
  }
  // "days.toml line 12", for errors that come from elsewhere.
  std::string where(std::string_view key) const { return fmt::format("{} line {}", place_, line(key)); }

 private:
  std::uint32_t line(std::string_view key) const;
  const toml::node* node(std::string_view key) const { return table_.get(key); }
  double time_bound(std::string_view key, const toml::node& value, ColumnType type) const;

  const toml::table& table_;
  std::string_view what_;
  std::string_view place_;
};

// Days since 1970 of a TOML date; microseconds since 1970 of a date-time (UTC where it has no offset).
double days_of(const toml::date& date);
double microseconds_of(const toml::date_time& value);

}  // namespace understudy
