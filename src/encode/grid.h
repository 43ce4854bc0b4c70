// The rounding grid of a column: multiples of its step, computed so that 0.3 is the double nearest to three tenths.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "understudy/schema.h"

namespace understudy {

// integer, date, datetime, categorical: 1; real with decimals d: 10^-d; other reals: 0, which is no grid.
inline double step_of(const ColumnSpec& spec) {
  if (spec.type != ColumnType::real) return 1;
  return spec.decimals ? std::pow(10.0, -*spec.decimals) : 0;
}

// Number of steps below x, not rounded.
inline double in_steps(double x, double step) { return step < 1 ? x * std::round(1 / step) : x / step; }

// The grid point of a whole number of steps.
inline double from_steps(double steps, double step) { return step < 1 ? steps / std::round(1 / step) : steps * step; }

// The nearest grid point, the highest one not above x, the lowest one not below x; x itself where step is 0. A distance
// of 1e-6 steps counts as being on the grid.
inline double to_grid(double x, double step) { return step > 0 ? from_steps(std::round(in_steps(x, step)), step) : x; }
inline double grid_below(double x, double step) {
  return step > 0 ? from_steps(std::floor(in_steps(x, step) + 1e-6), step) : x;
}
inline double grid_above(double x, double step) {
  return step > 0 ? from_steps(std::ceil(in_steps(x, step) - 1e-6), step) : x;
}

inline constexpr double kContinuousCells = 0x1p24;  // cells of a continuous interval

// A column's interval in `cells` cells of width `cell` from `low`.
struct ColumnGrid {
  double low = 0;
  double cell = 1;
  double step = 0;  // 0: continuous
  std::int64_t cells = 1;

  double edge(std::int64_t k) const {
    const double at = low + static_cast<double>(k) * cell;
    return step > 0 ? to_grid(at, step) : at;
  }
  std::int64_t index(double x) const {
    const double at = (x - low) / cell;
    const double k = step > 0 ? std::round(at) : std::floor(at + 1.0 / 1024);
    return static_cast<std::int64_t>(std::clamp(k, 0.0, static_cast<double>(cells - 1)));
  }
};

}  // namespace understudy
