// Every mechanism against its claim, on neighbouring inputs that use it up. game.h says how often chance fails them.
#include <gtest/gtest.h>

#include <cmath>

#include "falsify/clipped_sum.h"
#include "falsify/game.h"
#include "privacy/noise/bounds.h"
#include "privacy/noise/discrete.h"
#include "privacy/noise/gaussian_stream.h"
#include "privacy/noise/partition.h"
#include "privacy/noise/quantile.h"
#include "privacy/noise/randomised_response.h"
#include "privacy/noise/selection.h"

namespace understudy {
namespace {

// A claim holds, and the game is no blind one: it shows at least `part` of it. Parts leave 6 standard errors or more to
// what 1e5 runs show, so that chance makes none of them fail (below 1e-8 each).
void expect_between(double bound, double claim, double part) {
  EXPECT_LE(bound, claim);
  EXPECT_GE(bound, part * claim);
}

// Discrete Gaussian with standard deviation sigma against the same moved by `shift`, summed term by term.
struct Curve {
  double sigma;
  int shift;

  double tail(int from) const {                                    // P(X >= from)
    long double all = 0, above = 0;
    const int reach = static_cast<int>(12 * sigma) + 12 + shift;
    for (int x = -reach; x <= reach; ++x) {
      const long double mass = std::exp(-x * static_cast<long double>(x) / (2 * sigma * sigma));
      all += mass;
      if (x >= from) above += mass;
    }
    return static_cast<double>(above / all);
  }
  // The likelihood ratio rises, so thresholds are the best events: sup of P(X + shift >= t) - e^epsilon P(X >= t).
  double delta(double epsilon) const {
    double best = 0;
    for (int t = -100; t <= 100; ++t) best = std::max(best, tail(t - shift) - std::exp(epsilon) * tail(t));
    return best;
  }
  double mu() const {
    const boost::math::normal_distribution<double> normal;
    double best = 0;
    for (int t = -static_cast<int>(6 * sigma); t <= 6 * sigma; ++t) {
      best = std::max(best, boost::math::quantile(normal, tail(t - shift)) - boost::math::quantile(normal, tail(t)));
    }
    return best;
  }
};

TEST(Falsify, DiscreteGaussian) {
  const Curve curve = {.sigma = 2, .shift = 1};
  const auto noisy = [](std::int64_t sum) {
    return [sum](NoiseSource& source) { return sum + discrete_gaussian(source, {4, 1}); };
  };
  const Game game(noisy(0), noisy(1));
  EXPECT_NEAR(curve.mu(), 0.5, 0.01);                              // nearly that of the continuous Gaussian
  expect_between(game.mu(), curve.mu(), 0.75);
  for (const double epsilon : {0.1, 0.5}) EXPECT_LE(game.epsilon(curve.delta(epsilon)), epsilon);
}

TEST(Falsify, DiscreteGaussianInUnitsOfManyForEachSubject) {
  const Curve curve = {.sigma = 14, .shift = 7};
  const auto noisy = [](std::int64_t sum) {
    return [sum](NoiseSource& source) {
      std::int64_t noise[2];
      discrete_gaussian(source, {196, 1}, noise);
      return sum + noise[1];
    };
  };
  expect_between(Game(noisy(0), noisy(7)).mu(), curve.mu(), 0.75);
}

TEST(Falsify, GaussianStreamOnASumOfClippedGradients) {
  const auto add = [](NoiseSource& source, Gradient& sum) { GaussianStream(source).add(sum, 2); };
  for (const Gradient& along : {even_direction(), alternating_direction()}) {
    expect_between(clipped_sum_game(add, along).mu(), 0.5, 0.75);
  }
}

TEST(Falsify, DiscreteLaplace) {
  const auto noisy = [](std::int64_t sum) {
    return [sum](NoiseSource& source) { return sum + discrete_laplace(source, {2, 1}); };
  };
  expect_between(Game(noisy(0), noisy(2)).epsilon(), 1, 0.85);
}

TEST(Falsify, RandomisedResponse) {
  const auto answer = [](std::uint64_t truth) {
    return [truth](NoiseSource& source) {
      return static_cast<std::int64_t>(randomised_response(source, truth, 5, {3, 2}));
    };
  };
  expect_between(Game(answer(0), answer(1)).epsilon(), 1.5, 0.85);
}

Run pick(std::vector<std::int64_t> scores, std::vector<std::uint64_t> weights) {
  return [scores, weights](NoiseSource& source) {
    return static_cast<std::int64_t>(exponential(source, scores, 1, {1, 1}, weights));
  };
}

// A rare candidate rises while all others fall.
TEST(Falsify, Exponential) {
  const Game game(pick({0, 0}, {1, 19}), pick({1, -1}, {1, 19}));
  expect_between(game.epsilon(), 1, 0.6);
  expect_between(game.range(), 1, 0.6);
  const Game even(pick({0, 0}, {1, 1}), pick({1, -1}, {1, 1}));
  expect_between(even.range(), 1, 0.75);
}

TEST(Falsify, PermuteAndFlip) {
  const auto flip = [](std::vector<std::int64_t> scores) {
    return [scores](NoiseSource& source) {
      return static_cast<std::int64_t>(permute_and_flip(source, scores, 2, {1, 1}));
    };
  };
  expect_between(Game(flip({0, 0}), flip({2, -2})).epsilon(), 1, 0.85);
  EXPECT_LE(Game(flip({0, 1, 0}), flip({2, -1, -2})).epsilon(), 1);
}

// All queries before the last move up, the last one down.
TEST(Falsify, AboveThreshold) {
  const auto first = [](std::vector<std::int64_t> scores) {
    return [scores](NoiseSource& source) {
      const auto score = [&](std::size_t i) { return scores[i]; };
      return static_cast<std::int64_t>(above_threshold(source, scores.size(), score, 1, 1, {4, 1}).value_or(99));
    };
  };
  expect_between(Game(first({0, 0, 0, 0, 1}), first({1, 1, 1, 1, 0})).epsilon(), 4, 0.75);
  EXPECT_LE(Game(first({1}), first({2})).epsilon(), 4);
}

// The second subject lifts cells 97 and 98 and lowers the 96 before.
TEST(Falsify, Quantile) {
  const auto at = [](Ratio q) {
    return [q](std::vector<std::uint64_t> values) {
      return [q, values](NoiseSource& source) {
        return static_cast<std::int64_t>(quantile(source, values, 100, q, {1, 1}));
      };
    };
  };
  const auto median = at({1, 2}), high = at({9, 10});
  const Game game(median({96}), median({96, 99}));
  expect_between(game.epsilon(), 1, 0.5);
  expect_between(game.range(), 1, 0.5);
  EXPECT_LE(Game(median({}), median({0})).epsilon(), 1);
  // Here the sensitivity is that of q = 9/10, not of 1 - q: nine times too little noise would show.
  EXPECT_LE(Game(high({90}), high({90, 99})).range(), 1);
}

// The three keys of a subject who is alone with them: delta is all there is.
TEST(Falsify, PartitionSelectionOfKeysThatOneSubjectHas) {
  const Ratio variance = {4, 1};
  const auto [threshold, delta] = partition_threshold(variance, {.keys = 3, .key_units = 1}, 0.05);
  const auto named = [&, bar = threshold](std::vector<KeyCount> counts) {
    return [&variance, bar, counts](NoiseSource& source) {
      return static_cast<std::int64_t>(select_keys(source, counts, variance, bar).size());
    };
  };
  const Game game(named({}), named({{"a", 1}, {"b", 1}, {"c", 1}}));
  EXPECT_LE(game.epsilon(delta), 0);
  EXPECT_GE(game.epsilon(0.5 * delta), 1);                         // half of delta would be too little
}

TEST(Falsify, PartitionSelectionOfAKeyThatManyHave) {
  const Curve curve = {.sigma = 2, .shift = 1};
  const auto noisy = [](std::int64_t count) {
    return [count](NoiseSource& source) {
      const auto kept = select_keys(source, {{"a", count}}, {4, 1}, 9);
      return kept.empty() ? std::int64_t{-100} : kept[0].count;
    };
  };
  expect_between(Game(noisy(9), noisy(10)).mu(), curve.mu(), 0.7);
}

// Both with the keys alone and with the noisy counts; every count from 0 to past the threshold and back.
TEST(Falsify, PartitionSelectionWithTruncatedNoise) {
  const TruncatedNoise noise = truncated_noise({1, 1}, 0.01);
  const auto noisy = [&](std::int64_t count) {
    return [&noise, count](NoiseSource& source) {
      const auto kept = count == 0 ? std::vector<KeyCount>{} : select_keys(source, {{"a", count}}, noise);
      return kept.empty() ? std::int64_t{-100} : kept[0].count;
    };
  };
  for (const std::int64_t count : {0, 2, 5}) EXPECT_LE(Game(noisy(count), noisy(count + 1)).epsilon(noise.delta), 1);
  expect_between(Game(noisy(3), noisy(4)).epsilon(noise.delta), 1, 0.4);
  EXPECT_GE(Game(noisy(0), noisy(1)).epsilon(0.5 * noise.delta), 1);   // half of delta would be too little
}

TEST(Falsify, Bounds) {
  const PowerBins bins = {.lowest = 0, .highest = 3};
  const auto noisy = [&](std::vector<double> values) {
    return [&bins, values](NoiseSource& source) {
      const auto bounds = noisy_bounds(source, values, bins, {1, 1}, 4);
      return bounds ? static_cast<std::int64_t>(100 * bounds->low + bounds->high) : std::int64_t{99999};
    };
  };
  expect_between(Game(noisy({}), noisy({5})).epsilon(), 1, 0.5);
  EXPECT_LE(Game(noisy({5, 5, 5}), noisy({5, 5, 5, 5})).epsilon(), 1);
}

}  // namespace
}  // namespace understudy
