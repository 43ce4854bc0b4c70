#include "vault/mechanisms.h"

#include <boost/math/distributions/normal.hpp>
#include <cmath>

namespace understudy {

double pure_epsilon(double mu) {
  const boost::math::normal standard;
  return std::log(cdf(standard, mu / 2)) - std::log(cdf(complement(standard, mu / 2)));
}

double share_mu(double mu, const std::function<std::vector<PrivacyEvent>(double)>& events) {
  constexpr int kRounds = 50;
  constexpr double kClose = 1e-6;
  double m = mu;
  for (int round = 0; round < kRounds; ++round) {
    const double cost = gaussian_cost({.purpose = {}, .unit = "person", .neighbours = Neighbours::add_remove,
                                       .events = events(m)}, 0).mu;
    if (cost <= mu && cost >= mu * (1 - kClose)) break;
    if (cost <= 0) break;
    m *= mu / cost * (1 - kClose / 2);
  }
  return m;
}

PrivacyEvent NoisyCount::event() const {
  return {.what = what, .kind = EventKind::discrete_gaussian, .sensitivity = 1, .noise = noise};
}

PrivacyEvent NoisyHistogram::event() const {
  const auto units = static_cast<double>(kSubjectUnits);
  return {.what = what, .kind = EventKind::discrete_gaussian,
          .sensitivity = units * std::sqrt(static_cast<double>(most)), .noise = units * noise};
}

PrivacyEvent NoisyQuantile::event() const {
  return {.what = what, .kind = EventKind::bounded_range, .epsilon = epsilon.value()};
}

PrivacyEvent NoisyBounds::event() const {
  return {.what = what, .kind = EventKind::discrete_laplace, .sensitivity = 1, .noise = scale.value()};
}

PrivacyEvent NoisyKeys::event() const {
  return {.what = what, .kind = EventKind::discrete_gaussian, .sensitivity = std::sqrt(static_cast<double>(most)),
          .noise = noise, .delta = delta};
}

PrivacyEvent SampledSum::event() const {
  return {.what = what, .kind = EventKind::gaussian, .sensitivity = bound, .noise = multiplier * bound, .rate = rate, .count = count};
}

}  // namespace understudy
