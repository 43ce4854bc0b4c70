// Synthetic rows that lie very close to a training row, or on it. A diagnostic: distances do not measure privacy.
#pragma once

#include <vector>

#include "understudy/metric.h"

namespace understudy {

std::vector<Finding> evaluate_near_copies(const Evaluation& evaluation, const Context& context);

}  // namespace understudy
