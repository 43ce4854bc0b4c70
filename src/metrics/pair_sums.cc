#include "metrics/pair_sums.h"

#include <algorithm>
#include <cmath>

#include "metrics/estimate.h"

namespace understudy {

double correlation_of(std::span<const PairSums> people, Weights weights) {
  constexpr double kFewestPairs = 3;
  constexpr double kConstant = 1e-10;  // variance below this share of the mean square: rounding, not variation
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
  if (pairs < kFewestPairs) return kNotMeasured;
  const double vx = sum.n * sum.xx - sum.x * sum.x;
  const double vy = sum.n * sum.yy - sum.y * sum.y;
  if (!(vx > kConstant * sum.n * sum.xx && vy > kConstant * sum.n * sum.yy)) return kNotMeasured;
  return std::clamp((sum.n * sum.xy - sum.x * sum.y) / std::sqrt(vx * vy), -1.0, 1.0);
}

}  // namespace understudy
