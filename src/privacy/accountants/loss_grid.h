// Connect-the-dots: a pair of distributions as two probability mass functions of the privacy loss on a grid.
//
// A mechanism is dominated by a pair (P, Q); its loss is log dP/dQ. A cell is the mass of both between two neighbouring
// grid losses. Its P-mass and Q-mass are put on the two ends so that both are kept. The hockey-stick curve of the
// result joins the points of the true curve at the grid by chords; the curve is convex in e^epsilon, so the chords lie
// above it (Doroshenko, Ghazi, Kamath, Kumar and Manurangsi 2022). Cells serve both orders of the neighbours: swapped,
// the cell at [a, b] is one at [-b, -a]. docs/privacy/accounting.md.
#pragma once

#include <cstdint>
#include <vector>

namespace understudy {

// mass[i] sits at loss (first + i) * interval; `infinite` at infinity. They add up to at most 1.
struct LossMasses {
  std::int64_t first = 0;
  std::vector<double> mass;
  double infinite = 0;
};

struct TwoWayLosses {
  LossMasses remove, add;  // log dP/dQ under P, and log dQ/dP under Q
};

class LossGrid {
 public:
  // Room for cells from grid index `first` up to `last` > `first`; cell k lies between indices k and k + 1.
  LossGrid(double interval, std::int64_t first, std::int64_t last);

  double interval() const { return interval_; }
  std::int64_t first() const { return first_; }
  std::int64_t last() const { return last_; }

  // `p` and `q` of cell `k`. `noise` bounds the rounding errors of `p` and of e^loss `q`.
  void add_cell(std::int64_t k, double p, double q, double noise = 0);
  // A single loss in [first, last] of P-mass `p`.
  void add_atom(double loss, double p);
  // Masses beyond the grid.
  void add_below(double p, double q);
  void add_above(double p, double q);

  // The masses, each use failing altogether with probability `failure`.
  TwoWayLosses finish(double failure) &&;

 private:
  double interval_;
  std::int64_t first_, last_;
  double rise_, fall_;  // e^interval - 1, 1 - e^-interval
  TwoWayLosses losses_;
};

}  // namespace understudy
