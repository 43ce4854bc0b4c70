// The standard normal distribution.
#pragma once

#include <cmath>
#include <numbers>

namespace understudy {

inline double normal_density(double z) { return std::exp(-0.5 * z * z) / std::sqrt(2 * std::numbers::pi); }
inline double normal_cdf(double z) { return 0.5 * std::erfc(-z / std::numbers::sqrt2); }
double normal_quantile(double u);  // u in (0, 1); 0 and 1 give minus and plus infinity

}  // namespace understudy
