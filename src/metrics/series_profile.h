// The numbers behind the report's pictures of series: how values and measuring run over time.
#pragma once

#include <nlohmann/json.hpp>

#include "understudy/metric.h"

namespace understudy {

// [{"column", "unit", "time": name, "time_unit", "at": [middles of the parts of time],
//   "train": {"low", "middle", "high", "measured": lists}, "holdout": ..., "synthetic": ...}, ...]
//
// One entry for each numeric series column; none where the schema has no time or all rows stand at one. Time is the
// column's own; of dates and datetimes the days since the person's first row. It is cut into at most 48 parts over its
// central 99 % in real people; what lies outside is not shown. low, middle, high: quartiles of the values in a part, null
// for fewer than five. measured: share of all people with a value there.
nlohmann::ordered_json series_charts(const Evaluation& evaluation, const Context& context);

}  // namespace understudy
