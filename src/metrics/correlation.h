// How far the associations between columns are from those of real people.
#pragma once

#include <vector>

#include "understudy/metric.h"

namespace understudy {

// |first - second|. An association that is undefined on one side (a constant column) counts as 0 there; undefined on
// both sides: NaN.
double association_difference(double first, double second);

std::vector<Finding> evaluate_correlation(const Evaluation& evaluation, const Context& context);

}  // namespace understudy
