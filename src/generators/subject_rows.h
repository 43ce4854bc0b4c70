// Drawn rows, put at their times.
#pragma once

#include <span>

#include "encode/timeline.h"
#include "understudy/cohort.h"

namespace understudy {

// Gives `cohort` its series and offsets, and times where its schema has them. values: the rows of all subjects one after the
// other, of which subject s has rows[s]; gaps[row]: the time since the subject's row before, of its first row without
// meaning. The first row lies at the timeline's origin. Gaps are shortened where a subject's rows would not fit before the
// timeline's end (shorten.h); rows after it are left out. Without gaps in the timeline: 0, 1, 2, ...
void put_rows(const Timeline& timeline, std::span<const std::int64_t> rows, Table values, std::vector<double> gaps, Cohort& cohort);

}  // namespace understudy
