#include "metrics/sparse_pearson.h"

#include <gtest/gtest.h>

#include <cmath>

#include "metrics/test_cohorts.h"
#include "understudy/random.h"

namespace understudy {
namespace {

// Columns with a share of values there, the later ones correlated with the first.
std::vector<PreparedColumn> random_columns(double filled, std::uint64_t seed) {
  Rng rng(seed);
  const std::size_t rows = 3000;
  std::vector<std::vector<double>> values(7, std::vector<double>(rows, std::nan("")));
  for (std::size_t row = 0; row < rows; ++row) {
    const double common = rng.normal();
    for (std::size_t c = 0; c < values.size(); ++c) {
      const double value = 100 + 5 * (common * static_cast<double>(c) / 7 + rng.normal());
      if (rng.bernoulli(filled)) values[c][row] = value;
    }
  }
  std::vector<PreparedColumn> columns;
  for (auto& column : values) columns.emplace_back(std::move(column), number_column("x"));
  return columns;
}

TEST(SparsePearson, EqualsTheReferenceForEveryPair) {
  for (const double filled : {0.05, 0.15, 0.6, 1.0}) {
    const auto columns = random_columns(filled, 11);
    Rng rng(5);
    std::vector<double> weights;
    for (std::size_t row = 0; row < 3000; ++row) weights.push_back(static_cast<double>(rng.below(3)));
    std::vector<std::span<const double>> values;
    for (const auto& column : columns) values.push_back(column.values);
    const auto got = SparsePearson(columns).evaluate(values, weights);
    for (std::size_t i = 0; i < columns.size(); ++i) {
      for (std::size_t j = i + 1; j < columns.size(); ++j) {
        const double reference = weighted_pearson(columns[i].values, columns[j].values, weights);
        if (std::isnan(reference)) {
          EXPECT_TRUE(std::isnan(got[i * columns.size() + j]));
        } else {
          EXPECT_NEAR(got[i * columns.size() + j], reference, 1e-10);
        }
      }
    }
  }
}

TEST(SparsePearson, UndefinedWhereTheReferenceIs) {
  const double none = std::nan("");
  std::vector<PreparedColumn> columns;
  columns.emplace_back(std::vector<double>{1, 2, none, none, 3}, number_column("a"));
  columns.emplace_back(std::vector<double>{4, 5, 6, none, none}, number_column("b"));  // two rows shared
  columns.emplace_back(std::vector<double>{7, 7, 7, 7, 7}, number_column("c"));        // constant
  std::vector<std::span<const double>> values;
  for (const auto& column : columns) values.push_back(column.values);
  const auto got = SparsePearson(columns).evaluate(values, std::vector<double>(5, 1.0));
  EXPECT_TRUE(std::isnan(got[0 * 3 + 1]));
  EXPECT_TRUE(std::isnan(got[0 * 3 + 2]));
}

TEST(SparsePearson, PaysForFewValuesOnly) {
  EXPECT_TRUE(SparsePearson(random_columns(0.1, 1)).pays());
  EXPECT_FALSE(SparsePearson(random_columns(1.0, 1)).pays());
}

}  // namespace
}  // namespace understudy
