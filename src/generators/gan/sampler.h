// Draws rows of a part in fixed shards: what is drawn depends on the seed, never on the number of threads.
#pragma once

#include "generators/condition.h"
#include "generators/gan/part.h"
#include "understudy/cohort.h"
#include "understudy/context.h"

namespace understudy {

// Fills cohort.statics, one row per subject.
void sample_statics(const GanPart& part, Cohort& cohort, const Context& context);
// Draws subjects until enough meet the conditions. ErrorKind::usage when 1,000 draws for each do not yield them.
void sample_statics_given(const GanPart& part, const std::vector<StaticCondition>& conditions, Cohort& cohort,
                          const Context& context);
// Fills cohort.series. statics: the part that encodes the cohort's statics as conditions; nullptr: there are none.
void sample_series(const GanPart& part, const GanPart* statics, Cohort& cohort, const Context& context);

}  // namespace understudy
