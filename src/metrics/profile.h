// The numbers behind the report's charts.
#pragma once

#include <nlohmann/json.hpp>

#include "understudy/metric.h"

namespace understudy {

// {"distributions": [{"column", "kind": "numeric", "type", "unit", "edges": [...],
//                     "train": [shares], "holdout": [shares], "synthetic": [shares],
//                     "missing": {"train", "holdout", "synthetic"}},
//                    {"column", "kind": "categorical", "type", "unit", "labels": [...], ... the same}],
//  "correlations": {"columns": [...], "real": [[...]], "synthetic": [[...]], "difference": [[...]], "left_out": [...]},
//  "series": as series_profile.h says}
//
// Shares are of the values that are there and sum to 1 (null where a cohort has none). Numeric: at most 40 parts over
// the central 99 % of the real values; what lies under or over is counted in the outermost parts. Dates are in days,
// datetimes in microseconds since 1970. Categorical: the 30 categories most frequent in real data in the schema's
// order; the others, and undeclared ones, share one last label.
// Correlations: Pearson for two numeric columns, Cramér's V for two categorical, eta for one of each; "real" is the
// holdout; null where undefined; "difference" is synthetic minus real. At most 40 columns; the rest is "left_out".
// ErrorKind::input when a cohort has no subject. Names are passed on as they are: whoever shows them escapes them.
nlohmann::ordered_json profile_charts(const Evaluation& evaluation, const Context& context);

}  // namespace understudy
