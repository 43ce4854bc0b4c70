#include "privacy/accountants/normal.h"

#include <cmath>
#include <numbers>

namespace understudy {
namespace {

constexpr double kLogRootTwoPi = 0.91893853320467274178;
constexpr double kContinuedFrom = 3;

// 1 / (x + 2 / (x + 3 / (x + ...))), the tail of Laplace's continued fraction of Mills' ratio. From x = 3 on, 80 terms
// leave a relative error below 1e-17.
double continued_tail(double x) {
  double value = x;
  for (int k = 80; k >= 2; --k) value = x + k / value;
  return 1 / value;
}

}  // namespace

double normal_density(double x) { return std::exp(-x * x / 2 - kLogRootTwoPi); }

double normal_survival(double x) { return std::erfc(x / std::numbers::sqrt2) / 2; }

double mills_ratio(double x) {
  if (x >= kContinuedFrom) return 1 / (x + continued_tail(x));
  return std::exp(x * x / 2 + kLogRootTwoPi) * normal_survival(x);
}

double mills_slope(double x) {
  if (x < kContinuedFrom) return 1 - x * mills_ratio(x);
  const double tail = continued_tail(x);
  return tail / (x + tail);
}

double log_normal_survival(double x) {
  if (x < kContinuedFrom) return x < 0 ? std::log1p(-normal_survival(-x)) : std::log(normal_survival(x));
  return -x * x / 2 - kLogRootTwoPi + std::log(mills_ratio(x));
}

double upper_normal_quantile(double log_probability) {
  if (log_probability > -std::numbers::ln2) {
    const double other = -std::expm1(log_probability);  // the median and below: from the other side
    return other > 0 ? -upper_normal_quantile(std::log(other)) : -HUGE_VAL;
  }
  // Newton's method on the concave function log P[N > x]: from the right it approaches monotonically.
  double x = std::sqrt(-2 * log_probability);
  for (int k = 0; k < 60; ++k) {
    const double step = (log_normal_survival(x) - log_probability) * mills_ratio(x);
    x += step;
    if (std::abs(step) <= 1e-16 * std::abs(x)) break;
  }
  return x;
}

}  // namespace understudy
