// Rows as points, so that distances between mixed rows mean something.
//
// A numeric column is one number: standard deviations of the training column from its mean, 0 where missing, and a
// second number that is 1 where missing (nullable columns). A categorical column is one-hot, scaled so that a mismatch
// is one apart; missing is a category of its own. Beyond 32 categories each gets a code of 32 random signs instead, and
// a mismatch is one apart on average (Johnson and Lindenstrauss).
#pragma once

#include <span>
#include <vector>

#include "understudy/table.h"

namespace understudy {

class RowEmbedding {
 public:
  RowEmbedding(const Table& train, std::vector<ColumnSpec> columns);
  std::int64_t width() const { return width_; }
  // [rows x width], row-major.
  std::vector<float> points(const Table& table) const;

 private:
  void place_numbers(const Column& column, std::size_t c, std::vector<float>& out) const;
  void place_categories(const Column& column, std::size_t c, std::vector<float>& out) const;

  std::vector<ColumnSpec> columns_;
  std::vector<std::int64_t> offsets_;
  std::vector<double> means_;
  std::vector<double> scales_;
  std::int64_t width_ = 0;
};

// Distance of each query to the nearest of `base`, both [rows x width]; base is not empty. Exact (faiss finds the
// neighbour, the distance is computed anew).
std::vector<double> nearest_distances(std::span<const float> queries, std::span<const float> base, std::int64_t width,
                                      int threads);

}  // namespace understudy
