// How strongly two columns go together: Pearson and Spearman for two numeric columns, Cramér's V for two categorical
// ones, the correlation ratio (eta) for one of each. Rows where one of the two is missing are left out of the pair.
//
// Pairs of two static columns are measured over people, all others over rows (statics repeated).
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "metrics/measures.h"
#include "metrics/sample.h"
#include "metrics/sparse_pearson.h"

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
  std::optional<SparsePearson> sparse_rows_, sparse_subjects_;
};

}  // namespace understudy
