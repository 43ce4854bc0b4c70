// Wrong mechanisms that the game has to catch: each with the claim it is usually sold with. A bug that is caught shows
// a lower bound above the claim by many standard errors, so that chance hides none of them.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "falsify/clipped_sum.h"
#include "falsify/game.h"
#include "privacy/noise/discrete.h"
#include "privacy/noise/gaussian_stream.h"
#include "privacy/noise/partition.h"
#include "privacy/noise/selection.h"

namespace understudy {
namespace {

// Claims standard deviation 2 for sums that a subject changes by 1: mu = 1/2, with room for the discrete law.
TEST(Planted, GaussianNoiseOfHalfTheSize) {
  const auto noisy = [](std::int64_t sum) {
    return [sum](NoiseSource& source) { return sum + discrete_gaussian(source, {1, 1}); };
  };
  EXPECT_GT(Game(noisy(0), noisy(1)).mu(), 0.6);
}

// Noise on a sum of clipped gradients; all claim mu = 1/2.
TEST(Planted, GaussianStreamOfHalfTheSize) {
  const auto add = [](NoiseSource& source, Gradient& sum) { GaussianStream(source).add(sum, 1); };
  EXPECT_GT(clipped_sum_game(add, even_direction()).mu(), 0.6);
}

TEST(Planted, OneNormalForAllCoordinates) {
  const auto add = [](NoiseSource& source, Gradient& sum) {
    double normal[] = {0};
    GaussianStream(source).add(normal, 2);
    for (double& x : sum) x += normal[0];
  };
  EXPECT_LT(clipped_sum_game(add, even_direction()).mu(), 0.5);    // looks safe from here
  EXPECT_GT(clipped_sum_game(add, alternating_direction()).mu(), 2);
}

TEST(Planted, HalfOfTheCoordinatesWithoutNoise) {
  const auto add = [](NoiseSource& source, Gradient& sum) { GaussianStream(source).add(std::span(sum).first(8), 2); };
  EXPECT_GT(clipped_sum_game(add, even_direction()).mu(), 0.6);
}

TEST(Planted, LaplaceNoiseOfHalfTheSize) {
  const auto noisy = [](std::int64_t sum) {
    return [sum](NoiseSource& source) { return sum + discrete_laplace(source, {1, 2}); };
  };
  EXPECT_GT(Game(noisy(0), noisy(1)).epsilon(), 1.2);              // claims 1
}

// A subject counts twice (two rows), the noise is for once.
TEST(Planted, SensitivityOfHalfTheSize) {
  const auto noisy = [](std::int64_t sum) {
    return [sum](NoiseSource& source) { return sum + discrete_laplace(source, {1, 1}); };
  };
  EXPECT_GT(Game(noisy(0), noisy(2)).epsilon(), 1.2);              // claims 1
}

// Two sums with the same noise: their difference has none.
TEST(Planted, NoiseThatIsUsedTwice) {
  const auto noisy = [](std::int64_t first, std::int64_t second) {
    return [first, second](NoiseSource& source) {
      const std::int64_t noise = discrete_laplace(source, {1, 1});
      return 1000 * (first + noise) + (second + noise);
    };
  };
  EXPECT_GT(Game(noisy(0, 0), noisy(1, 0)).epsilon(), 4);          // claims 2
}

// Its loss goes from -epsilon on one side to ln(2 - e^-epsilon) on the other.
TEST(Planted, PermuteAndFlipChargedAsBoundedRange) {
  const auto flip = [](std::vector<std::int64_t> scores) {
    return [scores](NoiseSource& source) {
      return static_cast<std::int64_t>(permute_and_flip(source, scores, 1, {1, 1}));
    };
  };
  EXPECT_GT(Game(flip({0, 0}), flip({1, -1})).range(), 1.3);       // claims 1, true are 1.49
}

// Scores that move in both directions, with the 2 in exp(epsilon score / 2) left out.
TEST(Planted, ExponentialMechanismWithoutTheTwo) {
  const auto pick = [](std::vector<std::int64_t> scores) {
    const std::vector<std::uint64_t> weights = {1, 99};
    return [scores, weights](NoiseSource& source) {
      return static_cast<std::int64_t>(exponential(source, scores, 1, {2, 1}, weights));
    };
  };
  EXPECT_GT(Game(pick({0, 0}), pick({1, -1})).epsilon(), 1.2);     // claims 1
}

// Every key of the data comes out, with an honestly noisy count.
TEST(Planted, PartitionSelectionWithoutAThreshold) {
  const auto named = [](std::vector<KeyCount> counts) {
    return [counts](NoiseSource& source) {
      return static_cast<std::int64_t>(select_keys(source, counts, {4, 1}, -1000).size());
    };
  };
  EXPECT_GT(Game(named({{"common", 50}}), named({{"common", 50}, {"rare", 1}})).epsilon(1e-5), 4);  // claims 1/2 or so
}

TEST(Planted, BoundsThatAreTheSmallestAndLargestValue) {
  const auto bounds = [](std::vector<std::int64_t> values) {
    return [values](NoiseSource& source) {
      const auto [low, high] = std::minmax_element(values.begin(), values.end());
      const std::int64_t sum = values[0] + discrete_laplace(source, {100, 1});
      return std::clamp(sum, *low, *high);                         // honest noise, clamped to what the data spans
    };
  };
  EXPECT_GT(Game(bounds({3, 5, 9}), bounds({3, 5, 9, 40})).epsilon(), 3);   // claims 1
}

// A noisy sum divided by the true number of subjects: only with two of them are there halves.
TEST(Planted, NormaliserThatIsThePrivateNumberOfSubjects) {
  const auto mean = [](std::int64_t subjects) {
    return [subjects](NoiseSource& source) { return 6 * discrete_laplace(source, {2, 1}) / subjects; };
  };
  EXPECT_GT(Game(mean(1), mean(2)).epsilon(), 3);                  // claims 1/2
}

// Sparse vector with noise on the threshold alone, and with noise on the scores alone.
TEST(Planted, SparseVectorWithHalfOfItsNoise) {
  const auto first = [](std::vector<std::int64_t> scores, bool noisy_scores) {
    return [scores, noisy_scores](NoiseSource& source) {
      const std::int64_t bar = noisy_scores ? 0 : discrete_laplace(source, {1, 1});
      for (std::size_t i = 0; i < scores.size(); ++i) {
        const std::int64_t noise = noisy_scores ? discrete_laplace(source, {2, 1}) : 0;
        if (scores[i] + noise >= bar) return static_cast<std::int64_t>(i);
      }
      return std::int64_t{99};
    };
  };
  // "Below, then at or above" cannot be when the scores come in falling order.
  EXPECT_GT(Game(first({0, 1}, false), first({1, 0}, false)).epsilon(), 3);                 // claims 1
  const std::vector<std::int64_t> low(40, -4), high(40, -3);
  EXPECT_GT(Game(first(low, true), first(high, true)).epsilon(), 1.2);                      // claims 1
}

}  // namespace
}  // namespace understudy
