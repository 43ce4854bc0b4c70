// How often values are missing, column by column.
#pragma once

#include <vector>

#include "understudy/metric.h"

namespace understudy {

std::vector<Finding> evaluate_missingness(const Evaluation& evaluation, const Context& context);

}  // namespace understudy
