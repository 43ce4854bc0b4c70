// Kolmogorov-Smirnov distance of every numeric column.
#pragma once

#include <vector>

#include "understudy/metric.h"

namespace understudy {

std::vector<Finding> evaluate_ks(const Evaluation& evaluation, const Context& context);

}  // namespace understudy
