// Draws rows of a column chain, and sets what they come to.
#pragma once

#include "generators/understudy/chain.h"

namespace understudy {

// The chain's parameters with the last biases moved so that rows drawn from it have these shares in each column, as iterative
// proportional fitting would: what the columns say about each other stays. Clipped gradients pull rare categories' shares down,
// and a mean of weights has not quite the shares of the data. Post-processing. `rows`: that are drawn on the way; the shares are met
// to within what so many rows can tell. Chains without context.
std::vector<float> calibrated(const Chain& chain, std::vector<float> flat, std::span<const std::vector<double>> shares, std::int64_t rows,
                              Rng& rng);

// Draws rows. Choosing a category adds a stored row to the hidden sums of all later columns, so the first layer needs no
// product.
class ChainSampler {
 public:
  ChainSampler(const Chain& chain, std::vector<float> flat);

  // rows * columns categories; those that are not -1 in `categories` stay as they are. One uniform number from `rng` for each
  // category that is drawn, row by row within a column.
  void draw(std::int64_t rows, const Chain::Given& given, std::span<std::int32_t> categories, Rng& rng) const;

 private:
  friend std::vector<float> calibrated(const Chain&, std::vector<float>, std::span<const std::vector<double>>, std::int64_t, Rng&);
  void begin(std::int64_t rows, const Chain::Given& given, std::vector<float>& sums) const;
  // Of column k, from the hidden sums.
  void logits(std::size_t k, std::int64_t rows, const Chain::Given& given, std::span<const float> sums, std::vector<float>& relu,
              std::vector<float>& logits) const;
  void choose(std::size_t k, std::int32_t category, float* sums_of_row) const;

  Chain chain_;
  std::vector<float> flat_;
  std::vector<float> tables_;             // for each category of each column: what it adds to the units behind it
  std::vector<std::int64_t> table_at_;
};

}  // namespace understudy
