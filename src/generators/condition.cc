#include "generators/condition.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "encode/grid.h"
#include "understudy/error.h"

namespace understudy {
namespace {

constexpr double kNearShare = 0.01;  // of a column's range

StaticCondition parse_category(const ColumnSpec& spec, const std::string& text) {
  const auto it = std::find(spec.categories.begin(), spec.categories.end(), text);
  if (it == spec.categories.end()) {
    fail(ErrorKind::usage, "condition {} = '{}': no such category; accepted: {}", spec.name, text,
         fmt::join(spec.categories, ", "));
  }
  return {spec.name, static_cast<double>(it - spec.categories.begin()), 0};
}

StaticCondition parse_number(const ColumnSpec& spec, const std::string& text) {
  double value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool number = code == std::errc{} && end == text.data() + text.size() && std::isfinite(value);
  const double step = step_of(spec);
  const bool on_grid = number && std::abs(to_grid(value, step) - value) <= 1e-6 * std::max(step, 1e-300);
  const double low = spec.minimum.value_or(-std::numeric_limits<double>::infinity());
  const double high = spec.maximum.value_or(std::numeric_limits<double>::infinity());
  if (!number || (step > 0 && !on_grid) || value < low || value > high) {
    fail(ErrorKind::usage, "condition {} = '{}': it must be {} in [{}, {}]", spec.name, text,
         step > 0 ? fmt::format("a multiple of {}", step) : "a number", low, high);
  }
  const double range = spec.minimum && spec.maximum ? high - low : std::abs(value);
  return {spec.name, value, std::max(step / 2, kNearShare * range)};
}

}  // namespace

std::vector<StaticCondition> parse_conditions(const Schema& schema, const std::map<std::string, std::string>& texts) {
  const auto statics = schema.statics();
  std::vector<StaticCondition> result;
  for (const auto& wanted : texts) {
    const std::string &name = wanted.first, &text = wanted.second;
    const auto it = std::find_if(statics.begin(), statics.end(), [&](const auto& spec) { return spec.name == name; });
    if (it == statics.end()) fail(ErrorKind::usage, "condition on '{}': it is not a static column of the model", name);
    if (is_categorical(it->type)) {
      result.push_back(parse_category(*it, text));
    } else if (it->type == ColumnType::real || it->type == ColumnType::integer) {
      result.push_back(parse_number(*it, text));
    } else {
      fail(ErrorKind::usage, "condition on '{}': it is a {}; accepted: real, integer, category, ordinal, boolean", name,
           to_string(it->type));
    }
  }
  return result;
}

std::vector<std::int64_t> matching_rows(const Table& statics, const std::vector<StaticCondition>& conditions) {
  std::vector<std::int64_t> result;
  for (std::int64_t row = 0; row < statics.rows(); ++row) {
    const bool all = std::all_of(conditions.begin(), conditions.end(), [&](const StaticCondition& condition) {
      const Column& column = statics.column(condition.column);
      return column.is_valid(row) && std::abs(column.number(row) - condition.value) <= condition.tolerance;
    });
    if (all) result.push_back(row);
  }
  return result;
}

void impose(const std::vector<StaticCondition>& conditions, Table& statics) {
  for (const StaticCondition& condition : conditions) {
    Column& column = statics.column(static_cast<std::size_t>(statics.find(condition.column)));
    for (std::int64_t row = 0; row < statics.rows(); ++row) column.set_number(row, condition.value);
  }
}

Table draw_until_met(std::int64_t count, const std::vector<StaticCondition>& conditions, const ConditionalDraws& draws,
                     const std::function<Table(std::int64_t first)>& draw,
                     const std::function<void(std::span<const std::int64_t> rows)>& take) {
  Table found;
  for (std::int64_t tried = 0; found.rows() < count && tried < draws.most; tried += draws.round) {
    const Table drawn = draw(tried);
    auto rows = matching_rows(drawn, conditions);
    rows.resize(std::min(rows.size(), static_cast<std::size_t>(count - found.rows())));
    take(rows);
    if (found.width() == 0) {
      found = drawn.select(rows);
    } else {
      found.append(drawn.select(rows));
    }
  }
  if (found.rows() < count) {
    fail(ErrorKind::usage, "only {} of {} drawn subjects meet the condition, {} were asked for; ask for a more common value",
         found.rows(), draws.most, count);
  }
  impose(conditions, found);
  return found;
}

}  // namespace understudy
