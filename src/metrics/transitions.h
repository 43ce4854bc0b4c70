// What follows what in a categorical series.
//
// Of each categorical series column, the share of each next state after each state, from row to row of the same person;
// a missing value is a state, undeclared values are one more. The distance of two such tables is the total variation
// distance of their rows (half the summed differences of shares), weighted by how often a state is left, mean of the
// two cohorts; a state that only one of them ever leaves counts 1. Beyond 1,000 categories they are folded (code mod
// 1,000).
#pragma once

#include <vector>

#include "understudy/metric.h"

namespace understudy {

std::vector<Finding> evaluate_transitions(const Evaluation& evaluation, const Context& context);

}  // namespace understudy
