// A subject's series as a regular grid: one line for each step of the time, measured or not.
//
//   const SeriesGrid grid = series_grid(cohort, subject, {.first = 0, .steps = 48});
//   grid.value(hour, column); grid.measured(hour, column); grid.since(hour, column);
#pragma once

#include <cstdint>
#include <vector>

#include "understudy/cohort.h"

namespace understudy {

struct GridSpan {
  std::int64_t first = 0;  // in steps of the time column
  std::int64_t steps = 1;
};

// All arrays are [steps x columns], row-major; columns are schema.series() without id and text columns.
struct SeriesGrid {
  std::int64_t steps = 0;
  std::int64_t columns = 0;
  std::vector<float> values;  // as in the cohort (categories by their place); where not measured: the last measured
                              // value before, NaN where there is none
  std::vector<float> mask;    // 1: measured in this step, 0: not
  std::vector<float> gaps;    // steps since the column was measured last; 0 in a step that measured it; before the
                              // first measurement: steps since the start of the grid, plus 1

  std::size_t at(std::int64_t step, std::int64_t column) const {
    return static_cast<std::size_t>(step * columns + column);
  }
  float value(std::int64_t step, std::int64_t column) const { return values[at(step, column)]; }
  bool measured(std::int64_t step, std::int64_t column) const { return mask[at(step, column)] > 0; }
  float since(std::int64_t step, std::int64_t column) const { return gaps[at(step, column)]; }
};

// Values, mask and time since the last measurement (Che et al., Recurrent neural networks for multivariate time series
// with missing values, Sci Rep 2018;8:6085, section 2: x, m and delta). Rows outside the span are left out.
// ErrorKind::usage when the cohort has no time column of whole steps (integer or date).
SeriesGrid series_grid(const Cohort& cohort, std::int64_t subject, const GridSpan& span);

}  // namespace understudy
