// Renyi differential privacy at fixed orders (Mironov 2017): looser than `pld`, and computed in another way.
#pragma once

#include "understudy/privacy.h"

namespace understudy {

// Renyi divergence of one use at `order` > 1.
double renyi_divergence(const PrivacyEvent& event, double order);

bool rdp_supports(const PrivacyEvent& event);
double rdp_epsilon(const Plan& plan, double delta);

}  // namespace understudy
