#include "metrics/distribution.h"

#include <gtest/gtest.h>

#include "metrics/merged.h"
#include "metrics/test_cohorts.h"

namespace understudy {
namespace {

Distribution distribution(const std::vector<double>& values, std::vector<std::int64_t> counts = {}) {
  Distribution result;
  for (std::size_t i = 0; i < values.size(); ++i) result.add(values[i], i, counts.empty() ? 1 : counts[i]);
  result.sort();
  return result;
}

const std::vector<std::uint8_t> kOnce(8, 1);

TEST(Distribution, HandComputed) {
  EXPECT_DOUBLE_EQ(ks_distance(distribution({3, 1}), kOnce, distribution({2, 3, 4}), kOnce), 0.5);
  EXPECT_DOUBLE_EQ(ks_distance(distribution({1, 2}, {3, 1}), kOnce, distribution({1, 2}), kOnce), 0.25);
  EXPECT_EQ(ks_distance(distribution({1, 2}), kOnce, distribution({5}), kOnce), 1);
}

TEST(Distribution, EmptySidesAndMissingValues) {
  EXPECT_EQ(ks_distance(distribution({kMissing}), kOnce, distribution({1}), kOnce), 1);
  EXPECT_TRUE(std::isnan(ks_distance(distribution({}), kOnce, distribution({kMissing}), kOnce)));
  const std::vector<std::uint8_t> nobody(8, 0);
  EXPECT_TRUE(std::isnan(ks_distance(distribution({1}), nobody, distribution({1}), kOnce)));
}

// Equal values of a person share an entry; the distance is that of the values one by one, under any weights.
TEST(Distribution, CountsAreRepetitions) {
  Rng rng(3);
  const std::vector<std::int32_t> owners = {0, 0, 0, 1, 1, 2, 2, 2};
  for (int round = 0; round < 50; ++round) {
    std::vector<Distribution> both(2);
    std::vector<Sample> samples(2, {{}, owners, 3});
    std::vector<std::vector<std::uint8_t>> weights(2);
    for (std::size_t side = 0; side < 2; ++side) {
      for (std::size_t i = 0; i < owners.size(); ++i) samples[side].values.push_back(static_cast<double>(rng.below(3)));
      for (std::size_t person = 0; person < 3; ++person) {
        std::vector<double> own;
        for (std::size_t i = 0; i < owners.size(); ++i) {
          if (static_cast<std::size_t>(owners[i]) == person) own.push_back(samples[side].values[i]);
        }
        both[side].add_all(own, person);
        weights[side].push_back(static_cast<std::uint8_t>(person == 0 ? 1 : rng.below(4)));
      }
      both[side].sort();
    }
    const double expected = MergedSamples(samples[0], samples[1]).largest_gap(weights[0], weights[1]);
    EXPECT_NEAR(ks_distance(both[0], weights[0], both[1], weights[1]), expected, 1e-12);
  }
}

}  // namespace
}  // namespace understudy
