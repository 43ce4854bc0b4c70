// The text form of a schema, written so that parse_schema gives the same schema again.

#include <chrono>
#include <cmath>

#include "cohort/catalogue.h"
#include "understudy/error.h"
#include "understudy/schema.h"

namespace understudy {
namespace {

constexpr double kMicrosecondsPerDay = 86400e6;

std::string quoted(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      result += '\\';
      result += c;
    } else if (byte < 0x20 || byte == 0x7F) {
      result += fmt::format("\\u{:04X}", byte);
    } else {
      result += c;
    }
  }
  return result + '"';
}

std::string quoted_list(const std::vector<std::string>& texts) {
  std::vector<std::string> parts;
  for (const std::string& text : texts) parts.push_back(quoted(text));
  return fmt::format("[{}]", fmt::join(parts, ", "));
}

std::string number(double value) {
  const bool whole = value == std::floor(value) && std::abs(value) < 9e15;
  return whole ? fmt::format("{}", static_cast<std::int64_t>(value)) : fmt::format("{}", value);
}

std::string date(std::int64_t days) {
  const std::chrono::year_month_day day{std::chrono::sys_days(std::chrono::days(days))};
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(day.year()), static_cast<unsigned>(day.month()),
                     static_cast<unsigned>(day.day()));
}

// Dates as dates where TOML has them (years 1 to 9999), anything else as a number.
std::string bound(double value, ColumnType type) {
  const double days = type == ColumnType::datetime ? std::floor(value / kMicrosecondsPerDay) : value;
  const bool is_time = type == ColumnType::date || type == ColumnType::datetime;
  if (!is_time || value != std::floor(value) || days < -719162 || days > 2932896) return number(value);
  const auto whole_days = static_cast<std::int64_t>(days);
  if (type == ColumnType::date) return date(whole_days);
  const auto rest = static_cast<std::int64_t>(value - days * kMicrosecondsPerDay);
  const std::int64_t seconds = rest / 1000000;
  return fmt::format("{}T{:02}:{:02}:{:02}.{:06}Z", date(whole_days), seconds / 3600, seconds / 60 % 60, seconds % 60,
                     rest % 1000000);
}

class Lines {
 public:
  void head(std::string_view text) { text_ += fmt::format("{}{}\n", text_.empty() ? "" : "\n", text); }
  void line(std::string_view key, std::string_view value) { text_ += fmt::format("{} = {}\n", key, value); }
  void text(std::string_view key, std::string_view value) {
    if (!value.empty()) line(key, quoted(value));
  }
  void flag(std::string_view key, bool value, bool usual) {
    if (value != usual) line(key, value ? "true" : "false");
  }
  void bound(std::string_view key, const std::optional<double>& value, ColumnType type) {
    if (value) line(key, understudy::bound(*value, type));
  }
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

void write_head(const Schema& schema, Lines& out) {
  out.head("[schema]");
  out.text("name", schema.name);
  out.text("subject", schema.subject);
  if (schema.unit != "person") out.text("unit", schema.unit);
  out.text("time", schema.time);
  if (!schema.time.empty()) {
    const ColumnSpec& time = schema.time_spec;
    out.text("time_type", to_string(time.type));
    out.text("time_format", time.format);
    out.text("time_unit", time.unit);
    out.bound("time_minimum", time.minimum, time.type);
    out.bound("time_maximum", time.maximum, time.type);
    out.flag("time_public", time.is_public, true);
  }
  out.flag("repeated", schema.repeated, false);
  if (schema.subjects) out.line("subjects", std::to_string(*schema.subjects));
  if (schema.max_rows) out.line("max_rows", std::to_string(*schema.max_rows));
}

// The catalogue's entry, where naming it says the same as unit and bounds do.
const CatalogueEntry* named_range(const ColumnSpec& spec) {
  if (spec.catalogue.empty() || !spec.minimum || !spec.maximum) return nullptr;
  const CatalogueEntry& entry = find_catalogue_entry(spec.catalogue, "column '" + spec.name + "'");
  return entry.unit == spec.unit ? &entry : nullptr;
}

void write_column(const ColumnSpec& spec, Lines& out) {
  out.head("[[column]]");
  out.text("name", spec.name);
  out.text("type", to_string(spec.type));
  const CatalogueEntry* entry = named_range(spec);
  if (entry != nullptr) {
    out.text("range", "catalogue:" + spec.catalogue);
  } else {
    out.text("unit", spec.unit);
  }
  if (entry == nullptr || spec.minimum != entry->minimum) out.bound("minimum", spec.minimum, spec.type);
  if (entry == nullptr || spec.maximum != entry->maximum) out.bound("maximum", spec.maximum, spec.type);
  if (!spec.categories.empty()) out.line("categories", quoted_list(spec.categories));
  if (spec.decimals) out.line("decimals", std::to_string(*spec.decimals));
  if (spec.max_codes) out.line("max_codes", std::to_string(*spec.max_codes));
  out.text("format", spec.format);
  out.text("description", spec.description);
  if (spec.aggregate) out.text("aggregate", to_string(*spec.aggregate));
  out.flag("public", spec.is_public, true);
  out.flag("bought", spec.is_bought, false);
  out.flag("nullable", spec.nullable, true);
  out.flag("static", spec.is_static, false);
  out.flag("target", spec.is_target, false);
  out.flag("sensitive", spec.is_sensitive, false);
}

}  // namespace

std::string to_toml(const Schema& schema) {
  Lines out;
  write_head(schema, out);
  for (const ColumnSpec& spec : schema.columns) write_column(spec, out);
  for (const Constraint& constraint : schema.constraints) {
    const bool sum = constraint.kind == Constraint::Kind::sum_at_most;
    out.head("[[constraint]]");
    out.text("kind", sum ? "sum_at_most" : "less_equal");
    out.line("columns", quoted_list(constraint.columns));
    if (sum) out.line("limit", number(constraint.limit));
  }
  return out.take();
}

}  // namespace understudy
