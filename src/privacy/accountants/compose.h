// Compositions of privacy losses by Fourier transforms.
#pragma once

#include <cstdint>
#include <vector>

#include "privacy/accountants/loss_curve.h"
#include "privacy/accountants/loss_grid.h"

namespace understudy {

// One kind of use, `count` times.
struct RepeatedLosses {
  TwoWayLosses losses;
  std::int64_t count = 1;
};

// How the composition of one direction is computed. The masses are multiplied by e^(tilt * loss) first and divided
// afterwards, which lowers rounding errors in the tail. The rest gives the window that holds all but `lost` of the
// tilted mass, by Chernoff's bound. Any values give valid curves.
struct Exponents {
  double tilt = 0;
  double lost = 1e-10;
  double upper = 1, lower = 1;
};

// The smaller variance of the two directions' finite parts.
double smallest_variance(const std::vector<RepeatedLosses>& parts, double interval);

// Exponents for curves that are sharp where they equal `delta`:
// rounding and truncation add about 1e-5 of it. At delta = 1: no tilt, and `lost` of mass may go missing.
struct TwoWayOutline {
  Exponents remove, add;
};
TwoWayOutline outline(const std::vector<RepeatedLosses>& parts, double interval, double delta, double lost);

struct TwoWayCurves {
  LossCurve remove, add;
};
constexpr double kMostPoints = 1 << 22;
// ErrorKind::usage when the window has more than kMostPoints points.
TwoWayCurves compose(const std::vector<RepeatedLosses>& parts, double interval, const TwoWayOutline& outline);

// The number of grid points that `compose` needs.
double points_needed(const std::vector<RepeatedLosses>& parts, double interval, const TwoWayOutline& outline);

}  // namespace understudy
