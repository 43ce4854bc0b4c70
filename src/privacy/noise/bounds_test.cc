#include "privacy/noise/bounds.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "privacy/noise/testing_fit.h"
#include "testing/kind_of.h"

// With noise of scale 1 and counts of 1000 against a threshold of 100, a false alarm has probability below exp(-99) for
// each bin.
namespace understudy {
namespace {

const std::unique_ptr<NoiseSource> coins = make_noise_source(0);
constexpr PowerBins kBins = {.lowest = -2, .highest = 4};

Bounds of(std::initializer_list<double> values) {
  std::vector<double> many;
  for (const double value : values) many.insert(many.end(), 1000, value);
  return noisy_bounds(*coins, many, kBins, {1, 1}, 100).value();
}

void expect_bounds(const Bounds& bounds, double low, double high) {
  EXPECT_EQ(bounds.low, low);
  EXPECT_EQ(bounds.high, high);
}

TEST(NoisyBounds, EdgesOfTheBins) {
  expect_bounds(of({0}), -0.25, 0.25);
  expect_bounds(of({0.2499, -0.2499}), -0.25, 0.25);
  expect_bounds(of({0.25}), 0.25, 0.5);
  expect_bounds(of({0.5}), 0.5, 1);
  expect_bounds(of({3}), 2, 4);
  expect_bounds(of({-3}), -4, -2);
  expect_bounds(of({-0.25}), -0.5, -0.25);
  expect_bounds(of({-3, 0, 5}), -4, 8);
  expect_bounds(of({1, 15.9}), 1, 16);
}

TEST(NoisyBounds, NumbersBeyondTheBinsAreClamped) {
  expect_bounds(of({16}), 8, 16);
  expect_bounds(of({1e300, -std::numeric_limits<double>::infinity()}), -16, 16);
  expect_bounds(of({std::nan(""), 1}), 1, 2);
}

TEST(NoisyBounds, FewValuesDoNotPass) {
  EXPECT_FALSE(noisy_bounds(*coins, {}, kBins, {1, 1}, 100));
  const std::vector<double> lone = {7};
  EXPECT_FALSE(noisy_bounds(*coins, lone, kBins, {1, 1}, 100));
}

TEST(BoundsThreshold, KeepsEmptyBinsOutAsOftenAsItSays) {
  // 13 bins, scale 2: P(X >= t) = exp(-t / 2) / (1 + exp(-1 / 2)).
  const std::int64_t threshold = bounds_threshold(kBins, {2, 1}, 0.05);
  const double one = std::exp(-static_cast<double>(threshold) / 2) / (1 + std::exp(-0.5));
  const double some = 1 - std::pow(1 - one, 13);
  EXPECT_LE(some, 0.05);
  EXPECT_GT(1 - std::pow(1 - one * std::exp(0.5), 13), 0.05);
  expect_probability([&] { return noisy_bounds(*coins, {}, kBins, {2, 1}, threshold).has_value(); }, some, 50000);
}

TEST(NoisyBounds, RefusesBinsThatAreNone) {
  EXPECT_EQ(kind_of([] { noisy_bounds(*coins, {}, {.lowest = 3, .highest = 2}, {1, 1}, 1); }), ErrorKind::internal);
  EXPECT_EQ(kind_of([] { bounds_threshold({.lowest = -2000, .highest = 2}, {1, 1}, 0.1); }), ErrorKind::internal);
  EXPECT_EQ(kind_of([] { bounds_threshold(kBins, {1, 1}, 1); }), ErrorKind::internal);
}

}  // namespace
}  // namespace understudy
