// How long people's series are: rows per person, time from the first to the last row, time between neighbouring rows.
// Each is compared as a Kolmogorov-Smirnov distance; `SequenceLengthSimilarity` is SDMetrics' name for 1 minus the
// first of them. Spans and gaps need a time column.
#pragma once

#include <vector>

#include "understudy/metric.h"

namespace understudy {

std::vector<Finding> evaluate_sequence_length(const Evaluation& evaluation, const Context& context);

}  // namespace understudy
