// Total variation distance of every categorical column.
#pragma once

#include <vector>

#include "understudy/metric.h"

namespace understudy {

std::vector<Finding> evaluate_tv(const Evaluation& evaluation, const Context& context);

}  // namespace understudy
