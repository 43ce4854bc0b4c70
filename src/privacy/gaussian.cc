// The curve of Gaussian differential privacy and its inverses.
//
// With x = epsilon / mu, h = mu / 2 and Mills' ratio M, both terms of the curve share the density at x - h:
//   delta = density(x - h) (M(x - h) - M(x + h)) = density(x - h) * integral of (1 - t M(t)) over [x - h, x + h],
// and the integrand is positive and smooth, so that nothing cancels.
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "privacy/accountants/normal.h"
#include "understudy/error.h"
#include "understudy/privacy.h"

namespace understudy {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// Gauss-Legendre, 8 nodes: on panels of width 1/2 the error is below 1e-16 of the value.
double mills_difference(double center, double half) {
  constexpr std::array<double, 4> nodes = {0.1834346424956498, 0.5255324099163290, 0.7966664774136267,
                                           0.9602898564975363};
  constexpr std::array<double, 4> weights = {0.3626837833783620, 0.3137066458778873, 0.2223810344533745,
                                             0.1012285362903763};
  const int panels = std::max(1, static_cast<int>(std::ceil(4 * half)));
  const double radius = half / panels;
  double sum = 0;
  for (int panel = 0; panel < panels; ++panel) {
    const double middle = center - half + radius * (2 * panel + 1);
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      const double reach = radius * nodes[i];
      sum += weights[i] * (mills_slope(middle - reach) + mills_slope(middle + reach));
    }
  }
  return radius * sum;
}

void check_epsilon(double epsilon) {
  if (!(epsilon >= 0)) fail(ErrorKind::usage, "epsilon is {}; it must be 0 or more", epsilon);
}

void check_delta(double delta) {
  if (!(delta > 0 && delta < 1)) fail(ErrorKind::usage, "delta is {}; it must lie between 0 and 1", delta);
}

// Bisection on doubles for the root of a function that is positive below it and negative above it.
template <class F>
double root(double low, double high, const F& positive_below) {
  for (int k = 0; k < 200; ++k) {
    const double middle = low + (high - low) / 2;
    if (middle <= low || middle >= high) break;
    (positive_below(middle) ? low : high) = middle;
  }
  return high;
}

}  // namespace

double gaussian_delta(double mu, double epsilon) {
  if (!(mu >= 0)) fail(ErrorKind::usage, "mu is {}; it must be 0 or more", mu);
  if (std::isnan(epsilon)) fail(ErrorKind::usage, "epsilon is {}; it must be a number", epsilon);
  if (epsilon < 0) return -std::expm1(epsilon) + std::exp(epsilon) * gaussian_delta(mu, -epsilon);
  if (mu == 0 || epsilon == kInfinity) return 0;
  if (mu == kInfinity) return 1;
  const double x = epsilon / mu, h = mu / 2;
  // Left of -2 the first term is close to 1 and the second small: nothing to cancel, and Mills' ratio would grow.
  if (x - h < -2) return normal_survival(x - h) - normal_density(x - h) * mills_ratio(x + h);
  if (mu > 8) return normal_density(x - h) * (mills_ratio(x - h) - mills_ratio(x + h));
  return normal_density(x - h) * mills_difference(x, h);
}

double gaussian_epsilon(double mu, double delta) {
  check_delta(delta);
  if (mu == kInfinity) return kInfinity;
  if (gaussian_delta(mu, 0) <= delta) return 0;
  // delta(epsilon) <= P[N > epsilon / mu - mu / 2].
  const double high = mu * (mu / 2 + std::max(0.0, upper_normal_quantile(std::log(delta))) + 1);
  return root(0, high, [&](double epsilon) { return gaussian_delta(mu, epsilon) > delta; });
}

double gaussian_mu(double epsilon, double delta) {
  check_epsilon(epsilon);
  check_delta(delta);
  if (epsilon == kInfinity) return kInfinity;
  double high = 1;
  while (gaussian_delta(high, epsilon) <= delta) high *= 2;
  double low = high / 2;
  while (gaussian_delta(low, epsilon) > delta) low /= 2;
  return root(low, high, [&](double mu) { return gaussian_delta(mu, epsilon) <= delta; });
}

}  // namespace understudy
