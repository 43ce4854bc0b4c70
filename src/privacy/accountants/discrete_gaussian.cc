#include "privacy/accountants/discrete_gaussian.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "privacy/accountants/normal.h"

namespace understudy {
namespace {

// From here on the closed bound is used: its 1/20 exceeds the limit 1/24 of the numeric supremum (filter.md).
constexpr double kClosedFrom = 8;
constexpr double kClosedExcess = 1.0 / 20;

// log of the sum of e^(-x^2 / (2 sigma^2)) over integers x >= j >= 0.
double log_tail_sum(double j, double sigma) {
  const double half = 0.5 / (sigma * sigma);
  double sum = 0;
  for (double k = 0;; ++k) {
    const double term = std::exp(-(k * k + 2 * j * k) * half);
    sum += term;
    if (term < 1e-18 * sum) return std::log(sum) - j * j * half;
  }
}

// The largest gap of normal quantiles between neighbouring vertices of the trade-off curve.
double numeric_mu(double sigma) {
  const double log_total = std::log(2 * std::exp(log_tail_sum(0, sigma)) - 1);
  // By symmetry the vertex j = 1 lies as far above the median as j = 0 below it.
  double previous = upper_normal_quantile(log_tail_sum(1, sigma) - log_total);
  double largest = 2 * previous;
  // The gaps fall from the centre outwards, towards 1 / sigma (filter.md); some are looked at all the same.
  const double last = sigma * sigma + 8 * sigma + 8;
  for (double j = 2; j <= last; ++j) {
    const double next = upper_normal_quantile(log_tail_sum(j, sigma) - log_total);
    largest = std::max(largest, next - previous);
    previous = next;
  }
  return largest;
}

}  // namespace

double discrete_gaussian_mu(double sigma) {
  if (!(sigma >= 0.05)) return std::numeric_limits<double>::infinity();
  if (sigma >= kClosedFrom) return (1 + kClosedExcess / (sigma * sigma)) / sigma;
  return numeric_mu(sigma) * (1 + 1e-10);
}

}  // namespace understudy
