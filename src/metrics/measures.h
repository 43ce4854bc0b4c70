// Measures of association between two columns under weights: Pearson and Spearman for two numeric columns, Cramér's V
// for two categorical ones, the correlation ratio (eta) for one of each.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "understudy/schema.h"

namespace understudy {

// Values of one column over some rows, ready for many weightings. Numeric values are standardised, which changes no
// measure here and keeps sums of squares of large values exact enough.
struct PreparedColumn {
  PreparedColumn(std::vector<double> raw, const ColumnSpec& spec);
  std::vector<double> values;       // numeric: NaN where missing
  std::vector<std::int32_t> order;  // numeric: rows with a value, ascending by value
  std::vector<std::int32_t> codes;  // categorical: -1 where missing; beyond 1,000 categories folded (code mod 1,000)
  std::int32_t levels = 0;          // categorical: codes lie below it; undeclared values share the last one
  bool complete = true;             // nothing is missing
};

// NaN where a measure is undefined: fewer than three rows with weight, or a side that is constant over them.
double weighted_pearson(std::span<const double> first, std::span<const double> second, std::span<const double> weights);
double weighted_cramers_v(const PreparedColumn& first, const PreparedColumn& second, std::span<const double> weights);
double weighted_eta(const PreparedColumn& category, const PreparedColumn& number, std::span<const double> weights);
// Weighted mid-ranks (the middle of each value's share of the total weight), NaN where the value is missing.
std::vector<double> weighted_ranks(const PreparedColumn& column, std::span<const double> weights);

}  // namespace understudy
