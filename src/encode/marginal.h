// The distribution of one column on a grid of public points.
//
// Numeric columns with bounds are cut dyadically: the public interval is halved while a part holds more than a set
// share of the values, down to one cell: the column's rounding step (integers, dates: 1; decimals = d: 10^-d), or 2^-24
// of the interval for continuous columns. Edges are therefore points of a public grid, never values of the data. A part
// that is one cell wide is an atom: it stands for its lower end. On a grid, the value v fills [v, v + step). This is
// the quantile coding for skewed and zero-inflated columns, and the shape that a private histogram fills later.
//
// Where a bound is not public, it is the smallest or largest value of the data moved outwards to a multiple of a power
// of two (about 2^-10 of the range), and `from_data` says so. One exception: a column whose more than `min_values`
// values are all the same has one atom at that value.
//
// A codes column has no such distribution but a share of its own for each code: the rows that hold it.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <vector>

#include "understudy/random.h"
#include "understudy/schema.h"
#include "understudy/table.h"

namespace understudy {

// A stretch of positions, inside [0, 1].
struct Positions {
  double low = 0;
  double high = 0;
};

struct Marginal {
  ColumnType type = ColumnType::real;
  double missing = 0;         // share of rows without a value
  bool from_data = false;     // bounds or categories were read off the data
  double step = 0;            // the rounding step; 0: continuous. Categorical: 1
  double cell = 1;            // width of an atom: the step, or the resolution of a continuous column
  std::vector<double> edges;  // mass.size() + 1 ascending points, part i is [edges[i], edges[i + 1]); categorical: 0,
                              // 1, 2, ...
  std::vector<double> mass;   // share of the values in each part; sums to 1. Both empty for id, text and codes
  std::vector<double> shares;  // codes: share of the rows that hold each, in [0, 1], independent; empty for others

  // Builds the tables behind the functions below. learn_marginal and marginal_from_json have called it; call it again
  // after changing edges or mass.
  void prepare();

  std::size_t part(double x) const;  // the part that holds x; values outside belong to the first or last part
  bool is_atom(std::size_t part) const { return edges[part + 1] - edges[part] <= 1.5 * cell; }

  // Positions that stand for x: an atom's are its whole part, a grid value's the share of its step in its part, a
  // continuous value's a single point.
  Positions positions(double x) const;
  // Share of values below x, counting the part that holds x in proportion (an atom: half).
  double cdf(double x) const;
  // Position of x in (0, 1), drawn uniformly from positions(x), with one draw from rng. For x in a part with mass,
  // quantile(position(x)) is x: exactly for atoms, to within rounding otherwise.
  double position(double x, Rng& rng) const;
  // Inverse of position; the result lies on the rounding grid, inside the bounds. u in [0, 1]; NaN counts as 0.
  double quantile(double u) const;

 private:
  struct Bin {  // a part with mass
    double below, mass, edge, width;
    double cells;  // grid points in the part; 1: an atom; 0: continuous
  };
  std::vector<double> below_;  // share of values below each edge
  std::vector<Bin> bins_;
  std::vector<double> ends_;          // where each bin ends, as a share
  std::vector<std::uint32_t> guide_;  // guide_[k]: the bin that holds share k / (size - 1); where the search starts
};

struct MarginalOptions {
  double max_share = 1.0 / 256;  // parts that hold more than this share are halved
  double min_values = 5;         // but never parts with this many values or fewer, so that no part singles out a record
  double step = 0;               // above 0: used instead of the column's own
};

// Looks at raw values: call inside a vault's look. Rows that are missing (or not finite) count towards `missing` only.
// A column with no value at all gets one part over its bounds (or at 0), or equal shares of the categories.
Marginal learn_marginal(const ColumnSpec& spec, const Column& column, const MarginalOptions& options = {});

nlohmann::json to_json(const Marginal& marginal);
Marginal marginal_from_json(const nlohmann::json& json);  // ErrorKind::input when it is none

}  // namespace understudy
