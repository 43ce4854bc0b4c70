// Sums over pairs of numbers, kept person by person, so that a correlation under any weighting of people costs one pass
// over the people and none over the rows.
#pragma once

#include <span>
#include <vector>

#include "metrics/sample.h"

namespace understudy {

struct PairSums {
  double n = 0, x = 0, y = 0, xx = 0, yy = 0, xy = 0;

  void add(double first, double second) {
    n += 1;
    x += first;
    y += second;
    xx += first * first;
    yy += second * second;
    xy += first * second;
  }
};

// Pearson's correlation over the pairs of all people, each counted as often as the weights say. NaN for fewer than
// three pairs with weight or a side that does not vary. Numbers should be standardised: squares are summed.
double correlation_of(std::span<const PairSums> people, Weights weights);

}  // namespace understudy
