// The distribution of one column on a grid of public points.
//
// Numeric columns with bounds are cut dyadically: the public interval is halved while a part holds more than a set
// share of the values, down to the column's rounding step (integers: 1; decimals = d: 10^-d; otherwise 2^-24 of the
// interval). Edges are therefore points of a public grid, never values of the data. A part that is one step wide is an
// atom: it stands for its lower end. This is the quantile coding for skewed and zero-inflated columns, and the shape
// that a private histogram fills later.
//
// Columns without bounds use [smallest, largest] of the data (bounds not public) and say so in `from_data`.
#pragma once

#include <nlohmann/json.hpp>
#include <vector>

#include "understudy/random.h"
#include "understudy/schema.h"
#include "understudy/table.h"

namespace understudy {

struct Marginal {
  ColumnType type = ColumnType::real;
  double missing = 0;            // share of rows without a value
  bool from_data = false;        // bounds or categories were read off the data
  double step = 0;               // numeric: the rounding step; 0: continuous, resolved to 2^-24 of the interval
  std::vector<double> edges;     // numeric: mass.size() + 1 ascending points, part i is [edges[i], edges[i + 1])
  std::vector<double> mass;      // numeric: share of the values in each part; categorical: of each category; sums to 1

  // Share of values below x, counting the part that holds x in proportion (an atom: half).
  double cdf(double x) const;
  // Position of x in (0, 1), uniform inside its part: quantile(position(x)) is x to within its part's width, exactly x
  // for atoms. Draws once from rng.
  double position(double x, Rng& rng) const;
  // Inverse of position; the result lies on the rounding grid, inside the bounds. u in [0, 1].
  double quantile(double u) const;
};

struct MarginalOptions {
  double max_share = 1.0 / 256;  // parts that hold more than this share are halved
};

// Looks at raw values: call inside a vault's look. Rows that are missing count towards `missing` only. A column with
// no value at all gets one part over its bounds (or at 0).
Marginal learn_marginal(const ColumnSpec& spec, const Column& column, const MarginalOptions& options = {});

nlohmann::json to_json(const Marginal& marginal);
Marginal marginal_from_json(const nlohmann::json& json);  // ErrorKind::input when it is none

}  // namespace understudy
