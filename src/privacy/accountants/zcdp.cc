#include "privacy/accountants/zcdp.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "privacy/accountants/gaussian_events.h"

namespace understudy {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// Bounded range: epsilon^2 / 8 (Cesar and Rogers 2021). Pure: epsilon^2 / 2 (Bun and Steinke 2016).
double rho_of(const PrivacyEvent& event) {
  if (is_gaussian(event)) return std::pow(proven_mu(event), 2) / 2;
  const double epsilon = pure_epsilon(event);
  return epsilon * epsilon / (event.kind == EventKind::bounded_range ? 8 : 2);
}

}  // namespace

// Any order gives a valid bound, so the search needs no proof: golden sections of log(order - 1).
double zcdp_to_epsilon(double rho, double delta) {
  if (rho == 0) return 0;
  if (!std::isfinite(rho)) return kInfinity;
  const auto bound = [&](double log_excess) {
    const double excess = std::exp(log_excess), order = 1 + excess;
    return rho * order + std::log(excess / order) - (std::log(delta) + std::log(order)) / excess;
  };
  const double ratio = 0.6180339887498949;
  double low = std::log(1e-9), high = std::log(1e9);
  while (high - low > 1e-9) {
    const double a = high - ratio * (high - low), b = low + ratio * (high - low);
    if (bound(a) < bound(b)) {
      high = b;
    } else {
      low = a;
    }
  }
  return std::max(0.0, bound((low + high) / 2));
}

bool zcdp_supports(const PrivacyEvent& event) { return event.rate == 1; }

double zcdp_epsilon(const Plan& plan, double delta) {
  double rho = 0;
  for (const PrivacyEvent& event : plan.events) rho += static_cast<double>(event.count) * rho_of(event);
  const double failure = total_failure(plan);
  if (!(failure < delta)) return kInfinity;
  return zcdp_to_epsilon(rho, (delta - failure) / (1 - failure));
}

}  // namespace understudy
