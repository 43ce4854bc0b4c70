#include "cohort/clinical/window.h"

#include <algorithm>

#include "understudy/error.h"

namespace understudy {
namespace {

constexpr std::int64_t kLongest = 10LL * 366 * 24 * 60;  // minutes: ten years
constexpr std::int64_t kMostVisits = 1 << 20;

std::int64_t minutes_of(const ColumnSpec& time) {
  if (time.type == ColumnType::integer) {
    if (time.unit == "min") return 1;
    if (time.unit == "h") return 60;
    if (time.unit == "d") return 1440;
  }
  fail(ErrorKind::input,
       "the time column '{}' is a {} in '{}'; a clinical cohort counts time since the start of the stay: time_type = "
       "\"integer\", time_unit = \"min\", \"h\" or \"d\"; or visits: \"visit\"",
       time.name, to_string(time.type), time.unit);
}

Window by_visits(const ColumnSpec& time) {
  if (time.minimum.value_or(0) != 0) {
    fail(ErrorKind::input, "the time column '{}' counts visits and starts at {}; visits count from 0", time.name, *time.minimum);
  }
  const double most = time.maximum ? *time.maximum + 1 : static_cast<double>(kMostVisits);
  return {.step = kLongest, .first = 0, .last = kLongest - 1, .open_end = true, .by_visit = true,
          .visits = static_cast<std::int64_t>(std::clamp(most, 0.0, static_cast<double>(kMostVisits)))};
}

}  // namespace

Window window_of(const Schema& schema) {
  Window window{.step = 1, .first = 0, .last = kLongest - 1, .open_end = true};
  if (schema.time.empty()) return window;
  const ColumnSpec& time = schema.time_spec;
  if (time.type == ColumnType::integer && time.unit == "visit") return by_visits(time);
  window.step = minutes_of(time);
  if (time.minimum) window.first = static_cast<std::int64_t>(*time.minimum) * window.step;
  window.open_end = !time.maximum;
  if (time.maximum) window.last = (static_cast<std::int64_t>(*time.maximum) + 1) * window.step - 1;
  return window;
}

}  // namespace understudy
