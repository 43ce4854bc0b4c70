// Privacy-loss distributions: the tightest accountant. docs/privacy/accounting.md has the recipe and the error budget.
#pragma once

#include <optional>

#include "privacy/accountants/compose.h"
#include "understudy/privacy.h"

namespace understudy {

// The curves of the uses of a plan, on a grid of `interval`; 0 chooses one that moves epsilon by about 1e-5 (times the
// standard deviation of the loss where that is above 1). Sharp where they equal `delta`; at delta = 1, in the middle of
// the distribution. Truncation adds at most about `lost`. Nothing for a plan without guarantee.
std::optional<TwoWayCurves> plan_curves(const Plan& plan, double interval, double delta, double lost);

bool pld_supports(const PrivacyEvent& event);
double pld_epsilon(const Plan& plan, double delta);
double pld_epsilon(const Plan& plan, double delta, double interval);

}  // namespace understudy
