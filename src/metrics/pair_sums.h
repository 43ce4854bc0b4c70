// Sums over pairs of numbers, kept person by person, so that a correlation under any weighting of people costs one pass
// over the people and none over the rows.
#pragma once

#include <span>
#include <vector>

#include "metrics/sample.h"

namespace understudy {

struct PairSums {
  double n = 0, x = 0, y = 0, xx = 0, yy = 0, xy = 0;

  void add(double first, double second, double weight = 1) {
    n += weight;
    x += weight * first;
    y += weight * second;
    xx += weight * first * first;
    yy += weight * second * second;
    xy += weight * first * second;
  }
  // Pearson's. NaN for fewer than three `pairs` with weight or a side that does not vary.
  double correlation(double pairs) const;
};

// The correlation over the pairs of all people, each counted as often as the weights say. Numbers should be
// standardised: squares are summed.
double correlation_of(std::span<const PairSums> people, Weights weights);

}  // namespace understudy
