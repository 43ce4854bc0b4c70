// Which part of a stay a schema looks at, and in which steps: the time column as minutes, or as visits.
#pragma once

#include <cstdint>

#include "understudy/schema.h"

namespace understudy {

struct Window {
  std::int64_t step = 1;            // minutes
  std::int64_t first = 0;           // minutes after the start of the stay, inclusive; the start of a step
  std::int64_t last = 0;            // inclusive
  bool open_end = false;            // the schema names no end: the stay's own
  bool by_visit = false;            // a row is a visit, whole; the minutes are those of one visit
  std::int64_t visits = 1;          // the most of a person that count; by_visit only
};

// Time columns of clinical cohorts count whole minutes ("min"), hours ("h") or days ("d") since the start of the stay.
// time_minimum and time_maximum are the first and the last step that count; without them the stay's own start and end.
// Or they count the visits of a person ("visit") from 0; then time_minimum is 0 or none.
// ErrorKind::input for another type or unit.
Window window_of(const Schema& schema);

}  // namespace understudy
