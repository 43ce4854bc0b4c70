#include "privacy/noise/discrete.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <limits>

#include "privacy/noise/testing_fit.h"
#include "privacy/noise/testing_script.h"
#include "testing/kind_of.h"

// Draws come from the secure source. Each statistical check has a false-alarm probability below 1e-6 (testing_fit.h).
namespace understudy {
namespace {

constexpr int kDraws = 300000;

std::unique_ptr<NoiseSource> fresh() { return make_noise_source(0); }

TEST(RatioAbove, IsExactWhereItFits) {
  for (const double x : {1.0, 0.1, 3.5, 1e-2, 1e6 / 3, 0x1p79, 0x1p-61, 0x1.fffffffffffffp79, 0x1.fffffffffffffp-9}) {
    EXPECT_EQ(ratio_above(x).value(), x);
  }
  EXPECT_EQ(ratio_above(2.75).numerator, 11u);
  EXPECT_EQ(ratio_above(2.75).denominator, 4u);
  EXPECT_EQ(ratio_above(std::pow(1048576.0 * 500, 2)).denominator, 1u);
}

TEST(RatioAbove, RoundsUp) {
  const double x = 0x1.0000000000001p-30;                     // needs a denominator of 2^82
  const Ratio above = ratio_above(x);
  EXPECT_EQ(above.denominator, std::uint64_t{1} << 61);
  EXPECT_EQ(above.numerator, (Wide{1} << 31) + 1);
  EXPECT_EQ(ratio_above(std::numeric_limits<double>::denorm_min()).value(), 0x1p-61);
}

TEST(RatioAbove, RefusesWhatHasNone) {
  for (const double x : {0.0, -1.0, 0x1p80, HUGE_VAL, std::nan("")}) {
    EXPECT_EQ(kind_of([&] { ratio_above(x); }), ErrorKind::internal) << x;
  }
}

TEST(Coins, CompareBitsUntilTheyDecide) {
  // 1/3 is 0x55555555 55555555 ... in base 2^32.
  const auto third = [](const std::vector<std::uint32_t>& words) {
    ScriptSource script(words);
    return bernoulli(script, {1, 3});
  };
  EXPECT_TRUE(third({0x55555554}));
  EXPECT_FALSE(third({0x55555556}));
  EXPECT_TRUE(third({0x55555555, 0x55555555, 0x55555554}));
  EXPECT_FALSE(third({0x55555555, 0x55555555, 0x55555556}));
  // The same with a denominator that needs the wide comparison.
  ScriptSource low({0x55555555, 0x55555555, 0x55555554}), high({0x55555555, 0x55555555, 0x55555556});
  const Wide n = Wide{1} << 90;
  EXPECT_TRUE(Coins(low).bernoulli(n, 3 * n));
  EXPECT_FALSE(Coins(high).bernoulli(n, 3 * n));
}

TEST(Bernoulli, ZeroAndOneAreCertain) {
  const auto source = fresh();
  ScriptSource zeros({}), ones(std::vector<std::uint32_t>(1000, ~std::uint32_t{0}));
  EXPECT_FALSE(bernoulli(zeros, {0, 7}));
  EXPECT_TRUE(bernoulli(ones, {7, 7}));
  for (int i = 0; i < 10000; ++i) {
    ASSERT_FALSE(bernoulli(*source, {0, 5}));
    ASSERT_TRUE(bernoulli(*source, {5, 5}));
    ASSERT_TRUE(bernoulli_exp(*source, {0, 5}));
    ASSERT_FALSE(bernoulli_exp(*source, {1000, 1}));            // false alarm: 1e4 exp(-1000)
  }
}

TEST(Bernoulli, HasItsProbability) {
  const auto source = fresh();
  for (const Ratio p : {Ratio{1, 3}, Ratio{1, 1000}, Ratio{999, 1000}, ratio_above(0.7)}) {
    expect_probability([&] { return bernoulli(*source, p); }, p.value());
  }
}

TEST(Bernoulli, OfAnExponentialHasItsProbability) {
  const auto source = fresh();
  for (const Ratio gamma : {Ratio{1, 100}, Ratio{1, 2}, Ratio{1, 1}, Ratio{7, 3}, ratio_above(4.3)}) {
    expect_probability([&] { return bernoulli_exp(*source, gamma); }, std::exp(-gamma.value()));
  }
}

TEST(Bernoulli, RefusesWhatIsNoProbability) {
  const auto source = fresh();
  EXPECT_EQ(kind_of([&] { bernoulli(*source, {3, 2}); }), ErrorKind::internal);
  EXPECT_EQ(kind_of([&] { bernoulli(*source, {0, 0}); }), ErrorKind::internal);
  EXPECT_EQ(kind_of([&] { bernoulli_exp(*source, {1, std::uint64_t{1} << 62}); }), ErrorKind::internal);
  EXPECT_EQ(kind_of([&] { bernoulli_exp(*source, {Wide{1} << 90, 1}); }), ErrorKind::internal);
}

TEST(Coins, BelowIsUniformAtEveryWidth) {
  const auto source = fresh();
  Coins coins(*source);
  for (const Wide bound : {Wide{3}, Wide{12}, Wide{3} << 31, Wide{3} << 62, Wide{3} << 100}) {
    std::vector<double> counts(3);
    for (int i = 0; i < 100000; ++i) ++counts[static_cast<std::size_t>(coins.below(bound) / (bound / 3))];
    expect_fit(counts, {1, 1, 1});
  }
  EXPECT_EQ(coins.below(1), Wide{0});
}

TEST(DiscreteLaplace, FollowsItsLaw) {
  const auto source = fresh();
  std::vector<std::int64_t> draws(kDraws);
  for (const Ratio scale : {Ratio{1, 1}, Ratio{1, 3}, Ratio{5, 2}, Ratio{10, 1}, ratio_above(0.7)}) {
    discrete_laplace(*source, scale, draws);
    const long double s = scale.value();
    expect_law(draws, 150, [&](std::int64_t x) { return std::exp(-std::abs(static_cast<long double>(x)) / s); });
  }
}

TEST(DiscreteGaussian, FollowsItsLaw) {
  const auto source = fresh();
  std::vector<std::int64_t> draws(kDraws);
  for (const Ratio variance : {Ratio{1, 4}, Ratio{1, 1}, Ratio{7, 3}, Ratio{25, 1}, Ratio{400, 1}, ratio_above(0.6),
                               ratio_above(50.3), Ratio{std::uint64_t{1} << 61, (std::uint64_t{1} << 59) + 1}}) {
    discrete_gaussian(*source, variance, draws);
    const long double v = variance.value();
    expect_law(draws, 100, [&](std::int64_t x) { return std::exp(-static_cast<long double>(x) * x / (2 * v)); });
  }
}

TEST(DiscreteGaussian, OneByOneFollowsTheSameLaw) {
  const auto source = fresh();
  std::vector<std::int64_t> gaussian, laplace;
  for (int i = 0; i < 100000; ++i) {
    gaussian.push_back(discrete_gaussian(*source, {9, 4}));
    laplace.push_back(discrete_laplace(*source, {3, 2}));
  }
  expect_law(gaussian, 20, [](std::int64_t x) { return std::exp(-static_cast<long double>(x) * x / 4.5L); });
  expect_law(laplace, 40, [](std::int64_t x) { return std::exp(-std::abs(static_cast<long double>(x)) / 1.5L); });
}

// Kolmogorov and Smirnov's distance of draws / sigma from the normal law; its own distance from the discrete law is
// below 1 / sigma. P(sqrt(n) D > x) <= 2 exp(-2 x^2) (Massart 1990): x = 3.1 for 1e-8.
void expect_normal(std::vector<std::int64_t> draws, double sigma) {
  std::sort(draws.begin(), draws.end());
  const boost::math::normal_distribution<double> normal(0, sigma);
  const auto n = static_cast<double>(draws.size());
  double distance = 0;
  for (std::size_t i = 0; i < draws.size(); ++i) {
    const double level = boost::math::cdf(normal, static_cast<double>(draws[i]));
    distance = std::max({distance, std::abs(level - static_cast<double>(i) / n),
                         std::abs(level - static_cast<double>(i + 1) / n)});
  }
  EXPECT_LE(distance, 3.1 / std::sqrt(n) + 1 / sigma);
}

// Standard deviations of 10, 500 and 2^19 subjects that are dealt in units of 2^20: normal in the large, uniform in the
// small.
TEST(DiscreteGaussian, LargeVariances) {
  const auto source = fresh();
  std::vector<std::int64_t> draws(kDraws);
  for (const Wide subjects : {Wide{10}, Wide{500}, Wide{1} << 19}) {
    const Wide sigma = subjects << 20;
    discrete_gaussian(*source, {sigma * sigma, 1}, draws);
    std::vector<double> last_bits(64);
    double sum = 0, squares = 0;
    for (const auto x : draws) {
      ++last_bits[static_cast<std::size_t>(x & 63)];
      const double z = static_cast<double>(x) / static_cast<double>(sigma);
      sum += z;
      squares += z * z;
    }
    expect_fit(last_bits, std::vector<long double>(64, 1));
    expect_normal(draws, static_cast<double>(sigma));
    // Six standard errors: false alarm 2e-9 each.
    EXPECT_NEAR(sum / kDraws, 0, 6 / std::sqrt(kDraws));
    EXPECT_NEAR(squares / kDraws, 1, 6 * std::sqrt(2.0 / kDraws));
  }
}

TEST(DiscreteLaplace, LargeScales) {
  const auto source = fresh();
  std::vector<std::int64_t> draws(kDraws);
  const auto scale = static_cast<double>(std::uint64_t{100} << 20);
  discrete_laplace(*source, {std::uint64_t{100} << 20, 1}, draws);
  std::vector<double> last_bits(64), octiles(8);
  for (const auto x : draws) {
    ++last_bits[static_cast<std::size_t>(x & 63)];
    const double upper = std::exp(-std::abs(static_cast<double>(x)) / scale) / 2;
    ++octiles[std::min<std::size_t>(7, static_cast<std::size_t>(8 * (x < 0 ? upper : 1 - upper)))];
  }
  expect_fit(last_bits, std::vector<long double>(64, 1));
  expect_fit(octiles, std::vector<long double>(8, 1));
}

TEST(DiscreteGaussian, RefusesWhatDoesNotFit) {
  const auto source = fresh();
  EXPECT_EQ(kind_of([&] { discrete_gaussian(*source, {0, 1}); }), ErrorKind::internal);
  EXPECT_EQ(kind_of([&] { discrete_gaussian(*source, {Wide{1} << 80, 1}); }), ErrorKind::internal);
  EXPECT_EQ(kind_of([&] { discrete_gaussian(*source, {1, std::uint64_t{1} << 62}); }), ErrorKind::internal);
  EXPECT_EQ(kind_of([&] { discrete_laplace(*source, {0, 1}); }), ErrorKind::internal);
  EXPECT_EQ(kind_of([&] { discrete_laplace(*source, {Wide{1} << 40, 1}); }), ErrorKind::internal);
}

// The extremes that are accepted end in a reasonable time and without overflow.
TEST(DiscreteGaussian, ExtremesThatFit) {
  const auto source = fresh();
  std::vector<std::int64_t> draws(1000);
  discrete_gaussian(*source, {1, (std::uint64_t{1} << 62) - 1}, draws);
  EXPECT_EQ(std::count(draws.begin(), draws.end(), 0), 1000);   // false alarm: exp(-2^61)
  discrete_gaussian(*source, {(Wide{1} << 80) - 1, (std::uint64_t{1} << 62) - 1}, draws);
  discrete_gaussian(*source, {(Wide{1} << 90) - 1, std::uint64_t{1} << 10}, draws);
  discrete_laplace(*source, {(Wide{1} << 90) - 1, std::uint64_t{1} << 50}, draws);
  discrete_gaussian(*source, {(Wide{1} << 80) - 1, 1}, draws);
  EXPECT_GT(*std::max_element(draws.begin(), draws.end()), std::int64_t{1} << 38);   // false alarm: 0.6^1000
}

}  // namespace
}  // namespace understudy
