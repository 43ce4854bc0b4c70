#include "privacy/noise/partition.h"

#include <gtest/gtest.h>

#include <cmath>

#include "privacy/noise/testing_fit.h"
#include "testing/kind_of.h"

namespace understudy {
namespace {

const std::unique_ptr<NoiseSource> coins = make_noise_source(0);

// By brute force, in long double.
long double exact_tail(long double v, int at) {
  const int reach = 10 * static_cast<int>(std::sqrt(v)) + at + 20;
  long double all = 0, tail = 0;
  for (int x = -reach; x <= reach; ++x) {
    const long double mass = std::exp(-x * static_cast<long double>(x) / (2 * v));
    all += mass;
    if (x >= at) tail += mass;
  }
  return tail / all;
}

TEST(GaussianTail, IsAboveTheTruthAndClose) {
  for (const double v : {0.1, 0.3, 1.0, 7.0, 400.0, 9999.0, 10001.0, 1e6}) {
    const double sigma = std::sqrt(v);
    for (const double z : {0.1, 1.1, 2.0, 5.0, 8.0}) {
      const int at = 1 + static_cast<int>(z * sigma);
      const auto exact = static_cast<double>(exact_tail(v, at));
      const double bound = gaussian_tail_above(ratio_above(v), at);
      EXPECT_GE(bound, exact) << v << " " << at;
      EXPECT_LE(bound, exact * (z > 1 ? (v < 1 ? 1.01 : 1.001) : 1.05)) << v << " " << at;
    }
  }
  EXPECT_EQ(gaussian_tail_above({1, 1}, 0), 1);
  EXPECT_GT(gaussian_tail_above({1, 1}, 1000), 0);
}

TEST(PartitionThreshold, IsTheLowestThatKeepsDelta) {
  for (const auto& [v, keys, units, delta] : std::vector<std::tuple<double, int, int, double>>{
           {1, 1, 1, 1e-6}, {25, 1, 1, 1e-5}, {25, 10, 1, 1e-5}, {100, 4, 7, 1e-9}, {0.5, 3, 2, 1e-3}}) {
    const auto [threshold, charged] = partition_threshold(ratio_above(v), {keys, units}, delta);
    const auto any = [&](std::int64_t at) {
      return 1 - std::pow(1 - exact_tail(v, static_cast<int>(at) - units), static_cast<long double>(keys));
    };
    EXPECT_LE(any(threshold), static_cast<long double>(charged));
    EXPECT_LE(charged, delta);
    EXPECT_GT(any(threshold - 1), static_cast<long double>(delta));
  }
}

TEST(PartitionThreshold, ByHand) {
  // The normal law's upper 1e-6 point is 4.753424; sigma = 1000, one unit, half a unit for the midpoint: 4753.9 + 1.
  EXPECT_EQ(partition_threshold({1000000, 1}, {1, 1}, 1e-6).threshold, 4755);
  // In units of 2^20, a standard deviation of 10 subjects.
  const auto [threshold, delta] = partition_threshold({Wide{100} << 40, 1}, {1, 1 << 20}, 1e-6);
  EXPECT_NEAR(static_cast<double>(threshold) / 1048576, 1 + 47.53424, 1e-4);
  EXPECT_NEAR(delta, 1e-6, 1e-12);
}

TEST(PartitionThreshold, RefusesWhatIsNone) {
  const auto refused = [](Ratio variance, Contribution contribution, double delta) {
    return kind_of([&] { partition_threshold(variance, contribution, delta); });
  };
  EXPECT_EQ(refused({1, 1}, {1, 1}, 0), ErrorKind::internal);
  EXPECT_EQ(refused({1, 1}, {1, 1}, 1), ErrorKind::internal);
  EXPECT_EQ(refused({1, 1}, {0, 1}, 1e-6), ErrorKind::internal);
  EXPECT_EQ(refused({1, 1}, {1, 0}, 1e-6), ErrorKind::internal);
  EXPECT_EQ(refused({0, 1}, {1, 1}, 1e-6), ErrorKind::internal);
}

// A key passes as often as its count says: counts 1, 5 and 9, variance 4, threshold 6.
TEST(SelectKeys, NamesAKeyAsOftenAsItsCountSays) {
  for (const int count : {1, 5, 9}) {
    const double p = count < 6 ? static_cast<double>(exact_tail(4, 6 - count))
                               : 1 - static_cast<double>(exact_tail(4, count - 6 + 1));
    expect_probability([&] { return !select_keys(*coins, {{"a", count}}, {4, 1}, 6).empty(); }, p, 50000);
  }
}

TEST(SelectKeys, TheOrderIsThatOfTheKeys) {
  const auto kept = select_keys(*coins, {{"b", 1000}, {"rare", 1}, {"a", 2000}, {"c", 3000}}, {4, 1}, 100);
  ASSERT_EQ(kept.size(), 3u);                          // false alarm: P(|X| > 98) for sigma 2
  EXPECT_EQ(kept[0].key + kept[1].key + kept[2].key, "abc");
  EXPECT_NEAR(static_cast<double>(kept[0].count), 2000, 20);
  EXPECT_TRUE(select_keys(*coins, {}, {4, 1}, 1).empty());
}

// Scale 1, reach 2: P(X = 2) = e^-2 / (1 + 2 e^-1 + 2 e^-2), P(X = 1) e times as much.
TEST(TruncatedNoise, ByHand) {
  const double all = 1 + 2 * std::exp(-1) + 2 * std::exp(-2), last = std::exp(-2) / all;
  const TruncatedNoise noise = truncated_noise({1, 1}, 0.07);
  EXPECT_EQ(noise.reach, 2);
  EXPECT_GE(noise.delta, last);
  EXPECT_NEAR(noise.delta, last, 1e-8);
  EXPECT_EQ(truncated_noise({1, 1}, 0.067).reach, 3);
  const auto named = [&](std::int64_t count) {
    return [&, count] { return !select_keys(*coins, {{"a", count}}, noise).empty(); };
  };
  expect_probability(named(1), last, 50000);
  expect_probability(named(2), last * (1 + std::exp(1)), 50000);
  expect_probability(named(4), 1 - last, 50000);
  for (int i = 0; i < 1000; ++i) ASSERT_TRUE(named(5)());
}

TEST(TruncatedNoise, RefusesWhatIsNone) {
  EXPECT_EQ(kind_of([&] { truncated_noise({1, 1}, 0); }), ErrorKind::internal);
  EXPECT_EQ(kind_of([&] { truncated_noise({0, 1}, 0.1); }), ErrorKind::internal);
}

TEST(SelectKeys, RefusesCountsThatAreNone) {
  EXPECT_EQ(kind_of([&] { select_keys(*coins, {{"a", 0}}, {4, 1}, 1); }), ErrorKind::internal);
  EXPECT_EQ(kind_of([&] { select_keys(*coins, {{"a", 1}, {"a", 2}}, {4, 1}, 1); }), ErrorKind::internal);
}

}  // namespace
}  // namespace understudy
