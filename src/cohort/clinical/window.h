// Which part of a stay a schema looks at, and in which steps: the time column as minutes.
#pragma once

#include <cstdint>

#include "understudy/schema.h"

namespace understudy {

struct Window {
  std::int64_t step = 1;            // minutes
  std::int64_t first = 0;           // minutes after the start of the stay, inclusive; the start of a step
  std::int64_t last = 0;            // inclusive
  bool open_end = false;            // the schema names no end: the stay's own
};

// Time columns of clinical cohorts count whole minutes ("min"), hours ("h") or days ("d") since the start of the stay.
// time_minimum and time_maximum are the first and the last step that count; without them the stay's own start and end.
// ErrorKind::input for another type or unit.
Window window_of(const Schema& schema);

}  // namespace understudy
