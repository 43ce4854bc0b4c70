#include "metrics/sparse_pearson.h"

#include <algorithm>
#include <cmath>

#include "metrics/pair_sums.h"

namespace understudy {
namespace {

constexpr double kCostOfAPair = 8;    // of one sum here, in steps of the dense pass

struct Sums {
  double rows = 0;
  PairSums pairs;
};

}  // namespace

SparsePearson::SparsePearson(std::span<const PreparedColumn> columns) : columns_(columns.size()) {
  std::size_t rows = 0, numeric = 0;
  for (const PreparedColumn& column : columns) {
    rows = std::max(rows, column.values.size());
    numeric += !column.values.empty();
  }
  double pairs = 0;
  begins_.push_back(0);
  for (std::size_t row = 0; row < rows; ++row) {
    for (std::size_t c = 0; c < columns.size(); ++c) {
      if (!columns[c].values.empty() && !std::isnan(columns[c].values[row])) present_.push_back(static_cast<std::uint16_t>(c));
    }
    const auto here = static_cast<double>(static_cast<std::int64_t>(present_.size()) - begins_.back());
    pairs += here * (here - 1) / 2;
    begins_.push_back(static_cast<std::int64_t>(present_.size()));
  }
  const auto all = static_cast<double>(numeric);
  pays_ = kCostOfAPair * pairs < static_cast<double>(rows) * all * (all - 1) / 2;
}

std::vector<double> SparsePearson::evaluate(std::span<const std::span<const double>> values,
                                            std::span<const double> weights) const {
  std::vector<Sums> sums(columns_ * columns_);
  std::vector<double> here(columns_);
  for (std::size_t row = 0; row + 1 < begins_.size(); ++row) {
    const double w = weights[row];
    if (w == 0) continue;
    const std::uint16_t* const present = present_.data() + begins_[row];
    const auto count = static_cast<std::size_t>(begins_[row + 1] - begins_[row]);
    for (std::size_t a = 0; a < count; ++a) here[a] = values[present[a]][row];
    for (std::size_t a = 0; a < count; ++a) {
      Sums* const line = sums.data() + present[a] * columns_;
      for (std::size_t b = a + 1; b < count; ++b) {
        Sums& sum = line[present[b]];
        sum.rows += 1;
        sum.pairs.add(here[a], here[b], w);
      }
    }
  }
  std::vector<double> result(sums.size());
  for (std::size_t i = 0; i < sums.size(); ++i) result[i] = sums[i].pairs.correlation(sums[i].rows);
  return result;
}

}  // namespace understudy
