// A bound from above on the hockey-stick curve of a composed plan, in one order of the neighbours.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <vector>

namespace understudy {

// Masses on the losses index * interval, first <= index, and at infinity.
struct LossCurve {
  double interval = 0;
  std::int64_t first = 0;
  std::vector<double> mass = {};
  double infinite = 0;
  // Rounding may have lowered the curve at epsilon by at most e^(log_noise - tilt * epsilon).
  double log_noise = -std::numeric_limits<double>::infinity();
  double tilt = 0;

  // The smallest epsilon >= 0 with curve <= delta; infinity when there is none.
  double epsilon(double delta) const;

  // The bound at epsilon = index * interval, for index = 0, 1, ...; the last is that at infinity. Between two points
  // the curve lies below their chord in e^epsilon.
  std::vector<double> bounds() const;
};

}  // namespace understudy
