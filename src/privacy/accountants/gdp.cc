#include "privacy/accountants/gdp.h"

#include <cmath>
#include <limits>

#include "privacy/accountants/gaussian_events.h"

namespace understudy {

bool gdp_supports(const PrivacyEvent& event) { return event.rate == 1; }

double gdp_epsilon(const Plan& plan, double delta) {
  double squares = 0;
  for (const PrivacyEvent& event : plan.events) {
    squares += static_cast<double>(event.count) * std::pow(proven_mu(event), 2);
  }
  const double failure = total_failure(plan);
  if (!(failure < delta) || !std::isfinite(squares)) return std::numeric_limits<double>::infinity();
  return gaussian_epsilon(std::sqrt(squares), (delta - failure) / (1 - failure));
}

}  // namespace understudy
