#include "generators/shorten.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace understudy {

void shorten(std::span<double> gaps, double room, double step) {
  if (gaps.empty()) return;
  const double least = *std::min_element(gaps.begin(), gaps.end());
  double excess = std::accumulate(gaps.begin(), gaps.end(), 0.0) - room;
  while (excess > 0) {
    double& longest = *std::max_element(gaps.begin(), gaps.end());
    if (longest <= least) return;
    const double share = excess / static_cast<double>(gaps.size());
    const double cut = std::min(longest - least, step > 0 ? std::max(std::floor(share / step), 1.0) * step : excess);
    longest -= cut;
    excess -= cut;
  }
}

}  // namespace understudy
