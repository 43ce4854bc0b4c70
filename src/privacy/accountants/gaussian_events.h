// What one use of an event costs in the closed forms: pure epsilon and Gaussian-DP mu.
#pragma once

#include "understudy/privacy.h"

namespace understudy {

// The epsilon of pure differential privacy; infinity for kinds that have none.
double pure_epsilon(const PrivacyEvent& event);

// Whether the event is a Gaussian mechanism without sampling, in its own right or by discrete_gaussian_mu.
bool is_gaussian(const PrivacyEvent& event);

// The smallest known mu of one use, apart from its `delta`; infinity where none is proven: sampled events and those
// without guarantee. docs/privacy/filter.md has the proofs.
double proven_mu(const PrivacyEvent& event);

// The chance that any use of the plan's events fails altogether, at most: the sum of count * delta.
double total_failure(const Plan& plan);

}  // namespace understudy
