#include "privacy/noise/quantile.h"

#include <gtest/gtest.h>

#include <cmath>

#include "privacy/noise/testing_fit.h"
#include "testing/kind_of.h"

// Draws come from the secure source. Each statistical check has a false-alarm probability below 1e-6 (testing_fit.h).
namespace understudy {
namespace {

const std::unique_ptr<NoiseSource> coins = make_noise_source(0);

template <class Draw>
void expect_cells(const std::vector<long double>& exponents, const Draw& draw) {
  std::vector<double> counts(exponents.size());
  std::vector<long double> probabilities;
  for (const long double exponent : exponents) probabilities.push_back(std::exp(exponent));
  for (int i = 0; i < 100000; ++i) ++counts.at(draw());
  expect_fit(counts, probabilities);
}

TEST(Quantile, MedianByHand) {
  // Values in cells 2, 2 and 5 of 8; b L - a n = 2 L - 3. Cells 0, 1: L = H = 0, distance 3. Cell 2: [0, 4] holds 3.
  // Cells 3, 4: L = H = 2, distance 1. Cell 5: [4, 6], distance 1. Cells 6, 7: distance 3. Sensitivity 1, epsilon 1.
  const std::vector<std::uint64_t> values = {2, 2, 5};
  expect_cells({-1.5, -1.5, 0, -0.5, -0.5, -0.5, -1.5, -1.5},
               [&] { return quantile(*coins, values, 8, {1, 2}, {1, 1}); });
}

TEST(Quantile, NinetiethPercentOfUnitsByHand) {
  // q = 9/10, n = 5 units, a n = 45. Units 3 in cell 1, 2 in cell 3 of 5; b L and b H: cell 0: 0, 0; 1: 0, 30;
  // 2: 30, 30; 3: 30, 50; 4: 50, 50. Distances 45, 15, 15, 0, 5; sensitivity 9 x 2 units, epsilon 4: times 4 / 36.
  const std::vector<CellUnits> values = {{1, 2}, {1, 1}, {3, 2}};
  expect_cells({-5, -15 / 9.0L, -15 / 9.0L, 0, -5 / 9.0L},
               [&] { return quantile(*coins, values, 2, 5, {9, 10}, {4, 1}); });
}

TEST(Quantile, NoValuesGiveAUniformCell) {
  const std::vector<std::uint64_t> none;
  expect_cells(std::vector<long double>(6, 0), [&] { return quantile(*coins, none, 6, {1, 4}, {1, 1}); });
}

TEST(Quantile, TheEndsOfTheRange) {
  // The 0-quantile is any cell up to the smallest value, the 1-quantile any from the largest on.
  const std::vector<std::uint64_t> values(1000, 500);
  for (int i = 0; i < 100; ++i) {
    EXPECT_LE(quantile(*coins, values, 1000, {0, 1}, {1, 1}), 500u);     // false alarm: 500 exp(-500)
    EXPECT_GE(quantile(*coins, values, 1000, {1, 1}, {1, 1}), 500u);
  }
}

TEST(Quantile, ManySubjectsOnALargeGrid) {
  std::vector<CellUnits> values;
  for (std::uint64_t i = 0; i < 1001; ++i) values.push_back({(std::uint64_t{1} << 50) + i, 1 << 20});
  // Scores are 2 x 2^20 |rank - 500.5| away: P(500 ranks off or more) <= 2^60 exp(-10 x 500 / 2).
  const std::uint64_t median = quantile(*coins, values, 1 << 20, std::uint64_t{1} << 60, {1, 2}, {10, 1});
  EXPECT_NEAR(static_cast<double>(median - (std::uint64_t{1} << 50)), 500, 400);
}

TEST(Quantile, RefusesWhatIsNoQuantile) {
  const std::vector<std::uint64_t> unsorted = {3, 2}, outside = {8};
  const auto refused = [&](const std::vector<std::uint64_t>& values, std::uint64_t cells, Ratio q) {
    return kind_of([&] { quantile(*coins, values, cells, q, {1, 1}); });
  };
  EXPECT_EQ(refused(unsorted, 8, {1, 2}), ErrorKind::internal);
  EXPECT_EQ(refused(outside, 8, {1, 2}), ErrorKind::internal);
  EXPECT_EQ(refused({}, 0, {1, 2}), ErrorKind::internal);
  EXPECT_EQ(refused({}, 8, {3, 2}), ErrorKind::internal);
  EXPECT_EQ(refused({}, 8, {1, (1 << 20) + 1}), ErrorKind::internal);
  const std::vector<CellUnits> many = {{0, std::uint64_t{1} << 40}, {1, 1}};
  EXPECT_EQ(kind_of([&] { quantile(*coins, many, 1, 8, {1, 2}, {1, 1}); }), ErrorKind::internal);
  EXPECT_EQ(kind_of([&] { quantile(*coins, many, 0, 8, {1, 2}, {1, 1}); }), ErrorKind::internal);
}

}  // namespace
}  // namespace understudy
