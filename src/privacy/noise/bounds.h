// Private bounds of a number that has none in the schema: a noisy histogram over public bins between powers of two, as
// in "Differentially Private SQL with Bounded User Contribution" (Wilson et al. 2020), with discrete
// Laplace noise.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "privacy/noise/discrete.h"

namespace understudy {

// Public: [-2^lowest, 2^lowest] is one bin, and for e from `lowest` to `highest` - 1 there are [2^e, 2^(e + 1)) and its
// mirror image. Larger numbers count in the outermost bins.
struct PowerBins {
  int lowest = -10;
  int highest = 30;

  std::size_t size() const { return 2 * static_cast<std::size_t>(highest - lowest) + 1; }
};

// The lowest count that an empty bin reaches with probability such that none of them does with probability
// 1 - false_alarm or more. A matter of accuracy, not of privacy.
std::int64_t bounds_threshold(PowerBins bins, Ratio scale, double false_alarm);

struct Bounds {
  double low = 0;
  double high = 0;
};

// From the lower edge of the lowest bin to the upper edge of the highest bin whose noisy count reaches `threshold`;
// nothing when none does. One value for each subject (NaN: none). Charged as discrete_laplace with sensitivity 1 and
// noise `scale`.
std::optional<Bounds> noisy_bounds(NoiseSource& source, std::span<const double> values, PowerBins bins, Ratio scale,
                                   std::int64_t threshold);

}  // namespace understudy
