// How strongly two columns go together: Pearson and Spearman for two numeric columns, Cramér's V for two categorical
// ones, the correlation ratio (eta) for one of each. Rows where one of the two is missing are left out of the pair.
//
// Pairs of two static columns are measured over people, all others over rows (statics repeated).
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "metrics/sample.h"

namespace understudy {

enum class Measure { pearson, spearman, cramers_v, eta };
std::string_view to_string(Measure measure);  // "pearson", "spearman", "cramers_v", "eta"

// Indices into the columns; of eta pairs, `first` is the categorical column.
struct Pair {
  std::size_t first;
  std::size_t second;
  Measure measure;
};

// Every pair i < j of the columns, two entries (Pearson, Spearman) for numeric pairs.
std::vector<Pair> all_pairs(std::span<const ColumnSpec> columns);

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
double weighted_pearson(std::span<const double> first, std::span<const double> second,
                        std::span<const double> weights);
double weighted_cramers_v(const PreparedColumn& first, const PreparedColumn& second, std::span<const double> weights);
double weighted_eta(const PreparedColumn& category, const PreparedColumn& number, std::span<const double> weights);
// Weighted mid-ranks (the middle of each value's share of the total weight), NaN where the value is missing.
std::vector<double> weighted_ranks(const PreparedColumn& column, std::span<const double> weights);

// One cohort's columns under many weightings of its subjects. Keeps references to its arguments.
class Associations {
 public:
  Associations(const CohortView& view, std::span<const ColumnSpec> columns);

  // One number per pair. Spearman's ranks are taken over the rows that the pair shares, where `exact`; else over all
  // values of each column, which is the same unless values are missing.
  std::vector<double> evaluate(std::span<const Pair> pairs, Weights weights, bool exact) const;

 private:
  struct Block;
  const CohortView& view_;
  std::vector<bool> per_subject_;
  std::vector<PreparedColumn> rows_;      // over rows, all columns
  std::vector<PreparedColumn> subjects_;  // over people, static columns in front; empty without series
};

}  // namespace understudy
