// Two samples of one column in one ascending order: sorted once, then compared in linear passes under many weightings.
#pragma once

#include <cstdint>
#include <vector>

#include "metrics/sample.h"

namespace understudy {

class MergedSamples {
 public:
  MergedSamples(const Sample& first, const Sample& second);

  std::int64_t first_size() const { return first_size_; }  // values that are not missing
  std::int64_t second_size() const { return second_size_; }

  // Both are NaN when a side has no weight.
  // Largest difference of the two distribution functions (Kolmogorov-Smirnov).
  double largest_gap(Weights first, Weights second) const;
  // Area between the two distribution functions (1-Wasserstein distance), in the column's unit.
  double area(Weights first, Weights second) const;

 private:
  template <class Visit>
  bool sweep(Weights first, Weights second, const Visit& visit) const;

  std::vector<std::uint32_t> owner_;  // subject of the first sample, or its number of subjects + subject of the second
  std::vector<double> step_;          // distance to the next value of the order; 0 inside ties and at the end
  std::int64_t first_size_ = 0;
  std::int64_t second_size_ = 0;
};

}  // namespace understudy
