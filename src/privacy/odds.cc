#include "privacy/odds.h"

#include <algorithm>
#include <boost/math/special_functions/erf.hpp>
#include <cmath>
#include <numbers>

#include "understudy/error.h"

namespace understudy {
namespace {

double phi(double x) { return 0.5 * std::erfc(-x / std::numbers::sqrt2); }

// x with phi(x) = probability, in (0, 1).
double quantile(double probability) { return -std::numbers::sqrt2 * boost::math::erfc_inv(2 * probability); }

void check_cost(const GaussianCost& cost) {
  if (!(cost.mu >= 0 && cost.delta >= 0)) {
    fail(ErrorKind::usage, "mu is {} and delta is {}; they must be at least 0", cost.mu, cost.delta);
  }
}

double at_most_one(double share) { return std::min(share, 1.0); }

}  // namespace

double posterior(double prior, double epsilon, double delta) {
  if (!(prior > 0 && prior < 1)) fail(ErrorKind::usage, "prior is {}; it must lie between 0 and 1", prior);
  if (!(epsilon >= 0)) fail(ErrorKind::usage, "epsilon is {}; it must be at least 0", epsilon);
  if (!(delta >= 0 && delta <= 1)) fail(ErrorKind::usage, "delta is {}; it must lie in [0, 1]", delta);
  // The odds grow by e^epsilon; written so that nothing overflows.
  const double sure = prior / (prior + (1 - prior) * std::exp(-epsilon));
  return delta + (1 - delta) * sure;
}

double right_guesses(const GaussianCost& cost) {
  check_cost(cost);
  return at_most_one(phi(cost.mu / 2) + cost.delta / 2);
}

double found(const GaussianCost& cost, double false_alarms) {
  check_cost(cost);
  if (!(false_alarms > 0 && false_alarms < 1)) {
    fail(ErrorKind::usage, "the share of false alarms is {}; it must lie between 0 and 1", false_alarms);
  }
  return at_most_one(phi(quantile(false_alarms) + cost.mu) + cost.delta);
}

double area_under_curve(const GaussianCost& cost) {
  check_cost(cost);
  return at_most_one(phi(cost.mu / std::numbers::sqrt2) + cost.delta);
}

}  // namespace understudy
