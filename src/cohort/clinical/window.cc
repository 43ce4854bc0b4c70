#include "cohort/clinical/window.h"

#include "understudy/error.h"

namespace understudy {
namespace {

constexpr std::int64_t kLongest = 10LL * 366 * 24 * 60;  // minutes: ten years

std::int64_t minutes_of(const ColumnSpec& time) {
  if (time.type == ColumnType::integer) {
    if (time.unit == "min") return 1;
    if (time.unit == "h") return 60;
    if (time.unit == "d") return 1440;
  }
  fail(ErrorKind::input,
       "the time column '{}' is a {} in '{}'; a clinical cohort counts time since the start of the stay: time_type = "
       "\"integer\", time_unit = \"min\", \"h\" or \"d\"",
       time.name, to_string(time.type), time.unit);
}

}  // namespace

Window window_of(const Schema& schema) {
  Window window{.step = 1, .first = 0, .last = kLongest - 1, .open_end = true};
  if (schema.time.empty()) return window;
  const ColumnSpec& time = schema.time_spec;
  window.step = minutes_of(time);
  if (time.minimum) window.first = static_cast<std::int64_t>(*time.minimum) * window.step;
  window.open_end = !time.maximum;
  if (time.maximum) window.last = (static_cast<std::int64_t>(*time.maximum) + 1) * window.step - 1;
  return window;
}

}  // namespace understudy
