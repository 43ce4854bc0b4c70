// The noise of the 2021 paper's two settings, cell by cell. Seeded and in floating point: NOT PRIVATE.
#pragma once

#include "understudy/cohort.h"
#include "understudy/options.h"
#include "understudy/random.h"

namespace understudy {

struct CellNoise {
  enum class Kind { laplace, gaussian };
  Kind kind = Kind::laplace;
  double epsilon = 1;  // of a row, split evenly over its columns
  double delta = 1e-5;
};

CellNoise parse_cell_noise(const Options& options);

// ErrorKind::input naming the first column without public bounds or categories, and the cure.
void check_public_bounds(const Schema& schema);

// Clamps every cell to its public bounds and adds noise for epsilon / d, d the number of columns:
//   numeric       Laplace of scale range d / epsilon, or Gaussian of deviation range sqrt(2 ln(1.25 / delta)) d / epsilon
//                 (Dwork and Roth 2014, theorem 3.22 for one cell), then clamped to the bounds again
//   categorical   kept with probability e^(epsilon / d) / (e^(epsilon / d) + k - 1), otherwise one of the k - 1 others
// Missing cells stay missing, id and text columns become missing. Needs check_public_bounds.
void add_cell_noise(Cohort& cohort, const CellNoise& noise, const Rng& rng);

}  // namespace understudy
