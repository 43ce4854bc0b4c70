// A private quantile by the exponential mechanism (Smith 2011, algorithm 2), over the cells of a public grid.
#pragma once

#include <cstdint>
#include <span>

#include "privacy/noise/discrete.h"

namespace understudy {

// One value, as the public grid's cell that it lies in, and the units in which it counts.
struct CellUnits {
  std::uint64_t cell = 0;
  std::uint64_t units = 1;
};

// A cell c in [0, cells), likely near the q-quantile of `values`, which are sorted by cell. A subject's values count in
// at most `subject_units` units together. Charged as bounded_range(epsilon); the number of subjects stays private.
//
// With L units below the cell, H below or in it, n in all and q = a / b (b at most 2^20), the score is minus the
// distance of a n from [b L, b H]: -|b L - a n| in an empty cell, as in the paper, and 0 in a cell with so many values
// that it is the quantile itself. A subject moves b L - a n and a n - b H by at most max(a, b - a) subject_units in
// either direction, and so the score; that is the sensitivity (max(q, 1 - q) <= 1 in counts). Empty cells between two
// values are one candidate with their number as its weight; within it the cell is uniform.
std::uint64_t quantile(NoiseSource& source, std::span<const CellUnits> values, std::uint64_t subject_units,
                       std::uint64_t cells, Ratio q, Ratio epsilon);

// One value for each subject, sorted.
std::uint64_t quantile(NoiseSource& source, std::span<const std::uint64_t> values, std::uint64_t cells, Ratio q,
                       Ratio epsilon);

}  // namespace understudy
