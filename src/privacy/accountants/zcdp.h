// Zero-concentrated differential privacy (Bun and Steinke 2016): rho adds up.
#pragma once

#include "understudy/privacy.h"

namespace understudy {

// The smallest epsilon that rho-zCDP gives at delta (Canonne, Kamath and Steinke 2020, proposition 12).
double zcdp_to_epsilon(double rho, double delta);

bool zcdp_supports(const PrivacyEvent& event);
double zcdp_epsilon(const Plan& plan, double delta);

}  // namespace understudy
