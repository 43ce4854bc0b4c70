// How one series column follows another.
//
// Of each pair of numeric series columns: Pearson's correlation between the first column `lag` rows ago and the second
// one now, over all rows of all people that have both, at lags of 0, 1 and 3 rows; both orders of the pair for lags
// above 0. What a column is worth in a row is its last measured value at or before that row (last observation carried
// forward), because most cells of clinical series are empty.
//
// At most the 30 columns with most measured values in real data take part, and people of at most 500,000 rows a cohort,
// drawn by their keys: the work is linear in rows and bounded.
#pragma once

#include <vector>

#include "understudy/metric.h"

namespace understudy {

std::vector<Finding> evaluate_cross_correlation(const Evaluation& evaluation, const Context& context);

}  // namespace understudy
