#include "metrics/pair_sums.h"

#include <algorithm>
#include <cmath>

#include "metrics/estimate.h"

namespace understudy {

double PairSums::correlation(double pairs) const {
  constexpr double kFewestPairs = 3;
  constexpr double kConstant = 1e-10;  // variance below this share of the mean square: rounding, not variation
  if (pairs < kFewestPairs) return kNotMeasured;
  const double vx = n * xx - x * x, vy = n * yy - y * y;
  if (!(vx > kConstant * n * xx && vy > kConstant * n * yy)) return kNotMeasured;
  return std::clamp((n * xy - x * y) / std::sqrt(vx * vy), -1.0, 1.0);
}

double correlation_of(std::span<const PairSums> people, Weights weights) {
  PairSums sum;
  double pairs = 0;
  for (std::size_t p = 0; p < people.size(); ++p) {
    if (weights[p] == 0) continue;
    const double w = weights[p];
    const PairSums& one = people[p];
    pairs += one.n;
    sum.n += w * one.n;
    sum.x += w * one.x;
    sum.y += w * one.y;
    sum.xx += w * one.xx;
    sum.yy += w * one.yy;
    sum.xy += w * one.xy;
  }
  return sum.correlation(pairs);
}

}  // namespace understudy
