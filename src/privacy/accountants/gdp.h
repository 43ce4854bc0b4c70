// Gaussian differential privacy with the proven mu of each event (docs/privacy/filter.md).
#pragma once

#include "understudy/privacy.h"

namespace understudy {

bool gdp_supports(const PrivacyEvent& event);
double gdp_epsilon(const Plan& plan, double delta);

}  // namespace understudy
