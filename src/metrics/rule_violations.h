// Records that break the schema: constraints, public bounds, declared categories, values that must be there.
#pragma once

#include <vector>

#include "understudy/metric.h"

namespace understudy {

std::vector<Finding> evaluate_rule_violations(const Evaluation& evaluation, const Context& context);

}  // namespace understudy
