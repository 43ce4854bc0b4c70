#include "privacy/noise/selection.h"

#include <gtest/gtest.h>

#include <cmath>

#include "privacy/noise/testing_fit.h"
#include "privacy/noise/testing_script.h"
#include "privacy/noise/weighted_choice.h"
#include "testing/kind_of.h"

// Draws come from the secure source. Each statistical check has a false-alarm probability below 1e-6 (testing_fit.h).
namespace understudy {
namespace {

constexpr int kDraws = 200000;

template <class Draw>
void expect_probabilities(const std::vector<long double>& probabilities, const Draw& draw, int draws = kDraws) {
  std::vector<double> counts(probabilities.size());
  for (int i = 0; i < draws; ++i) ++counts.at(draw());
  expect_fit(counts, probabilities);
}

const std::unique_ptr<NoiseSource> coins = make_noise_source(0);

// ---- exponential

TEST(Exponential, TwoCandidates) {
  // Gap 2, epsilon 1, sensitivity 1: exp(-1) against 1.
  const std::vector<std::int64_t> scores = {3, 5};
  expect_probabilities({std::exp(-1.0L), 1}, [&] { return exponential(*coins, scores, 1, {1, 1}); });
}

TEST(Exponential, ScoresWeightsAndSensitivity) {
  const std::vector<std::int64_t> scores = {-100, 0, 7, 3, 1000};
  const std::vector<std::uint64_t> weights = {1000, 4, 1, 2, 0};
  // Sensitivity 3, epsilon 3/2: exp(score / 4); the last has no weight.
  expect_probabilities({1000 * std::exp(-25.0L), 4, std::exp(1.75L), 2 * std::exp(0.75L), 0},
                       [&] { return exponential(*coins, scores, 3, {3, 2}, weights); });
}

// Rejection from the weights would take 2^60 trials.
TEST(Exponential, WeightsOfVeryDifferentSize) {
  const std::vector<std::int64_t> scores = {0, 40};
  const std::vector<std::uint64_t> weights = {std::uint64_t{1} << 60, 1};
  const long double far = std::exp(60 * std::log(2.0L) - 40);
  expect_probabilities({far, 1}, [&] { return exponential(*coins, scores, 1, {2, 1}, weights); }, 20000);
}

TEST(Exponential, ManyCandidates) {
  std::vector<std::int64_t> scores;
  std::vector<long double> probabilities;
  for (int i = 0; i < 100; ++i) {
    scores.push_back((std::int64_t{i * i % 37} << 20) + i);
    probabilities.push_back(std::exp(0.05L * static_cast<long double>(scores.back()) / 1048576));
  }
  expect_probabilities(probabilities, [&] { return exponential(*coins, scores, 1 << 20, ratio_above(0.1)); }, 50000);
}

TEST(Exponential, AHopelessCandidateAndALoneOne) {
  const std::vector<std::int64_t> scores = {std::int64_t{1} << 62, -(std::int64_t{1} << 62)};
  for (int i = 0; i < 100; ++i) EXPECT_EQ(exponential(*coins, scores, 1, {1, 1}), 0u);
  EXPECT_EQ(exponential(*coins, std::vector<std::int64_t>{-5}, 1, {1, 1}), 0u);
}

TEST(Exponential, RefusesWhatDoesNotFit) {
  const std::vector<std::int64_t> scores = {1, 2};
  const std::vector<std::uint64_t> none = {0, 0}, large = {~std::uint64_t{0}, 1}, one = {1};
  EXPECT_EQ(kind_of([&] { exponential(*coins, {}, 1, {1, 1}); }), ErrorKind::internal);
  EXPECT_EQ(kind_of([&] { exponential(*coins, scores, 0, {1, 1}); }), ErrorKind::internal);
  EXPECT_EQ(kind_of([&] { exponential(*coins, scores, 1, {0, 1}); }), ErrorKind::internal);
  EXPECT_EQ(kind_of([&] { exponential(*coins, scores, 1, {1, 0}); }), ErrorKind::internal);
  EXPECT_EQ(kind_of([&] { exponential(*coins, scores, 1, {1, 1}, none); }), ErrorKind::internal);
  EXPECT_EQ(kind_of([&] { exponential(*coins, scores, 1, {1, 1}, large); }), ErrorKind::internal);
  EXPECT_EQ(kind_of([&] { exponential(*coins, scores, 1, {1, 1}, one); }), ErrorKind::internal);
  EXPECT_EQ(kind_of([&] { exponential(*coins, scores, std::int64_t{1} << 40, {1, std::uint64_t{1} << 60}); }),
            ErrorKind::internal);
}

// exp(-0) against exp(-1): index 0 up to U = 1 / (1 + 1/e), here in words of 32 bits.
TEST(WeightedChoice, RefinesUntilTheBitsDecide) {
  const std::vector<std::uint32_t> border = {0xbb26a7ae, 0xad15e6ca, 0x251dc438, 0xcb611a74,
                                             0xf9932bd0, 0x5beb4d20, 0x96ce5fd0};
  const std::vector<Wide> exponents = {0, 1};
  for (std::size_t words = 1; words <= border.size(); ++words) {
    for (const int side : {-1, 1}) {
      std::vector<std::uint32_t> drawn(border.begin(), border.begin() + static_cast<std::ptrdiff_t>(words));
      drawn.back() += static_cast<std::uint32_t>(side);
      ScriptSource script(drawn);
      Coins scripted(script);
      EXPECT_EQ(weighted_choice(scripted, exponents, 1, {}), side < 0 ? 0u : 1u) << words;
    }
  }
}

// ---- permute and flip

TEST(PermuteAndFlip, TwoCandidates) {
  // The worse one (gap 2, epsilon 1: coin p = 1/e) is taken when it comes first and its coin shows heads: p / 2.
  const long double p = std::exp(-1.0L);
  const std::vector<std::int64_t> scores = {3, 5};
  expect_probabilities({p / 2, 1 - p / 2}, [&] { return permute_and_flip(*coins, scores, 1, {1, 1}); });
}

TEST(PermuteAndFlip, ThreeCandidates) {
  // Coins p, q and 1. The first is taken when it leads (p / 3), or comes second after the other loser's tails
  // ((1 - q) p / 6); the same with the names changed.
  const long double p = std::exp(-0.25L), q = std::exp(-0.75L);
  const std::vector<std::int64_t> scores = {-1, -3, 0};
  const long double first = p / 3 + (1 - q) * p / 6, second = q / 3 + (1 - p) * q / 6;
  expect_probabilities({first, second, 1 - first - second},
                       [&] { return permute_and_flip(*coins, scores, 2, {1, 1}); });
}

TEST(PermuteAndFlip, EqualsAreEquallyLikelyAndNoCandidateIsRefused) {
  const std::vector<std::int64_t> scores(5, 7);
  expect_probabilities(std::vector<long double>(5, 1), [&] { return permute_and_flip(*coins, scores, 1, {1, 1}); });
  EXPECT_EQ(kind_of([&] { permute_and_flip(*coins, {}, 1, {1, 1}); }), ErrorKind::internal);
}

// ---- above threshold

// P(X >= x) for discrete Laplace of scale s.
long double tail(long double x, long double s) {
  const long double base = std::exp(-std::abs(x > 0 ? x : x - 1) / s) / (1 + std::exp(-1 / s));
  return x > 0 ? base : 1 - base;
}

TEST(AboveThreshold, TheFirstQueryThatReachesTheBar) {
  const std::vector<std::int64_t> scores = {0, 3, 10};
  // Threshold 5, sensitivity 2, epsilon 3: scales 5/3 and 20/9. The sum over the threshold's noise, by hand.
  const long double s = 5.0L / 3, t = 20.0L / 9;
  std::vector<long double> probabilities(4);
  for (int noise = -80; noise <= 80; ++noise) {
    long double all = std::exp(-std::abs(noise) / s) * std::tanh(1 / (2 * s));
    for (std::size_t i = 0; i < 3; ++i) {
      const long double reaches = tail(static_cast<long double>(5 + noise - scores[i]), t);
      probabilities[i] += all * reaches;
      all *= 1 - reaches;
    }
    probabilities[3] += all;
  }
  expect_probabilities(probabilities, [&] {
    return above_threshold(*coins, 3, [&](std::size_t i) { return scores[i]; }, 5, 2, {3, 1}).value_or(3);
  });
}

TEST(AboveThreshold, LaterQueriesAreNotEvaluated) {
  std::vector<std::size_t> asked;
  const auto score = [&](std::size_t i) {
    asked.push_back(i);
    return i == 2 ? std::int64_t{1} << 50 : -(std::int64_t{1} << 50);
  };
  EXPECT_EQ(above_threshold(*coins, 5, score, 0, 1, {1, 1}), 2u);
  EXPECT_EQ(asked, (std::vector<std::size_t>{0, 1, 2}));
  EXPECT_EQ(above_threshold(*coins, 2, score, 0, 1, {1, 1}), std::nullopt);
  EXPECT_EQ(above_threshold(*coins, 0, score, 0, 1, {1, 1}), std::nullopt);
}

TEST(AboveThreshold, RefusesWhatDoesNotFit) {
  const auto score = [](std::size_t) { return std::int64_t{0}; };
  EXPECT_EQ(kind_of([&] { above_threshold(*coins, 1, score, 0, 0, {1, 1}); }), ErrorKind::internal);
  EXPECT_EQ(kind_of([&] { above_threshold(*coins, 1, score, 0, std::int64_t{1} << 40, {1, 1}); }), ErrorKind::internal);
  EXPECT_EQ(kind_of([&] { above_threshold(*coins, 1, score, std::numeric_limits<std::int64_t>::max(), 1, {1, 1}); }),
            ErrorKind::internal);
}

}  // namespace
}  // namespace understudy
