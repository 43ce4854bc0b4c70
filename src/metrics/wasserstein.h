// 1-Wasserstein distance of every numeric column, in standard deviations of the real column.
#pragma once

#include <vector>

#include "understudy/metric.h"

namespace understudy {

std::vector<Finding> evaluate_wasserstein(const Evaluation& evaluation, const Context& context);

}  // namespace understudy
