#include <algorithm>
#include <boost/math/tools/toms748_solve.hpp>
#include <cmath>

#include "understudy/error.h"
#include "understudy/privacy.h"

namespace understudy {
namespace {

// The upper end of the bracket can be paid, but for the rounding of its exponential.
double affordable(std::pair<double, double> bracket, double (*cost)(double factor, const void* state), const void* state,
                  double target) {
  double factor = std::exp(bracket.second);
  while (cost(factor, state) > target) factor *= 1 + 1e-15;
  return factor;
}

}  // namespace

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
  // In logarithms, where costs are nearly straight. An infinite cost is as good as a large one.
  const auto excess = [&](double at) { return std::clamp(std::log(cost(std::exp(at), state) / target), -50.0, 50.0); };
  const double closest = std::log1p(tolerance);
  std::uintmax_t most = 200;
  const auto found = boost::math::tools::toms748_solve(excess, std::log(low), std::log(high),
                                                       [&](double a, double b) { return b - a <= closest; }, most);
  return affordable(found, cost, state, target);
}

}  // namespace understudy
