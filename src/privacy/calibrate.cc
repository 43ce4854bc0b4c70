#include <cmath>

#include "understudy/error.h"
#include "understudy/privacy.h"

namespace understudy {

double calibrate(double low, double high, double target, double (*cost)(double factor, const void* state),
                 const void* state, double tolerance) {
  if (!(low > 0 && low <= high && tolerance > 0)) {
    fail(ErrorKind::internal, "calibrate: [{}, {}] at tolerance {}; 0 < low <= high and a tolerance above 0 are needed",
         low, high, tolerance);
  }
  const double least = cost(high, state);
  if (!(least <= target)) {
    fail(ErrorKind::budget, "even a factor of {} costs {}; the target is {}", high, least, target);
  }
  if (cost(low, state) <= target) return low;
  // By the geometric mean: `high` is always affordable, `low` never.
  while (high > low * (1 + tolerance)) {
    const double middle = low * std::sqrt(high / low);
    if (middle <= low || middle >= high) break;
    (cost(middle, state) <= target ? high : low) = middle;
  }
  return high;
}

}  // namespace understudy
