// Pearson's correlation of every two numeric columns at once, for tables whose rows have few values: a pass costs the
// pairs that are there, not the pairs of columns. The slow reference is weighted_pearson (measures.h).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "metrics/measures.h"

namespace understudy {

class SparsePearson {
 public:
  // Which rows of the numeric columns have a value; categorical columns count as empty.
  explicit SparsePearson(std::span<const PreparedColumn> columns);

  // Whether a pass is cheaper than one over all rows for every pair.
  bool pays() const { return pays_; }

  // `values`: for each column its numbers by row (values, or ranks in [0, 1]); only rows with a value are read. Entry
  // [i x columns + j], i < j, is weighted_pearson(values[i], values[j], weights); others have no meaning.
  std::vector<double> evaluate(std::span<const std::span<const double>> values, std::span<const double> weights) const;

 private:
  std::size_t columns_;
  std::vector<std::int64_t> begins_;       // of each row, in present_
  std::vector<std::uint16_t> present_;     // columns with a value, row by row, ascending
  bool pays_ = false;
};

}  // namespace understudy
