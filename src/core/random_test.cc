#include "understudy/random.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <numeric>
#include <set>
#include <vector>

#include "understudy/error.h"

// Statistical tests allow five standard errors (six in the chi-square test's normal approximation): each has a
// false-alarm probability below 1e-6. Seeds are fixed.
namespace understudy {
namespace {

TEST(Rng, FirstWordsAreThoseOfXoshiroSeededBySplitMix) {
  // SplitMix64 from 0 starts 0xe220a8397b1dcdaf, 0x6e789e6aa1b965f4, 0x06c45d188009454f, 0xf88bb8a8724c81ec; the first
  // output of xoshiro256++ is rotl(s0 + s3, 23) + s0.
  const std::uint64_t s0 = 0xe220a8397b1dcdafULL, s3 = 0xf88bb8a8724c81ecULL;
  EXPECT_EQ(Rng(0).next(), std::rotl(s0 + s3, 23) + s0);
}

TEST(Rng, SameSeedSameNumbers) {
  Rng a(7), b(7), c(8);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(a.next(), b.next());
  EXPECT_NE(Rng(7).next(), c.next());
}

TEST(Rng, StreamsDependOnNameAndIndexButNotOnUse) {
  Rng rng(3);
  const std::uint64_t before = rng.stream("rows", 4).next();
  for (int i = 0; i < 10; ++i) rng.next();
  EXPECT_EQ(rng.stream("rows", 4).next(), before);
  std::set<std::uint64_t> firsts = {before};
  for (const char* name : {"rows", "row", "rowss", "swor", ""}) {
    for (std::uint64_t index = 0; index < 100; ++index) firsts.insert(rng.stream(name, index).next());
  }
  EXPECT_EQ(firsts.size(), 500u);
}

TEST(Rng, RestoreContinuesWithTheSameNumbers) {
  Rng rng(5);
  rng.normal();  // leaves the second of a pair behind
  Rng copy = Rng::restore(rng.state());
  for (int i = 0; i < 10; ++i) EXPECT_EQ(rng.normal(), copy.normal());
  EXPECT_EQ(rng.stream("x").next(), copy.stream("x").next());
}

TEST(Rng, UniformsFillTheirInterval) {
  Rng rng(1);
  double sum = 0;
  constexpr int kDraws = 100000;
  for (int i = 0; i < kDraws; ++i) {
    const double u = rng.uniform(-2, 4);
    ASSERT_GE(u, -2);
    ASSERT_LT(u, 4);
    sum += u;
  }
  EXPECT_NEAR(sum / kDraws, 1, 5 * std::sqrt(3.0 / kDraws));  // variance 36 / 12
}

struct Moments {
  double mean = 0, variance = 0;
};

template <class Draw>
Moments moments(Draw draw, int draws) {
  double sum = 0, squares = 0;
  for (int i = 0; i < draws; ++i) {
    const double x = draw();
    sum += x;
    squares += x * x;
  }
  return {sum / draws, squares / draws - sum * sum / draws / draws};
}

TEST(Rng, NormalHasMeanZeroAndVarianceOne) {
  Rng rng(2);
  const auto m = moments([&] { return rng.normal(); }, 200000);
  EXPECT_NEAR(m.mean, 0, 5 * std::sqrt(1.0 / 200000));
  EXPECT_NEAR(m.variance, 1, 5 * std::sqrt(2.0 / 200000));
}

TEST(Rng, ExponentialHasMeanOne) {
  Rng rng(3);
  const auto m = moments([&] { return rng.exponential(); }, 200000);
  EXPECT_NEAR(m.mean, 1, 5 * std::sqrt(1.0 / 200000));
}

TEST(Rng, GammaHasMeanAndVarianceOfItsShape) {
  for (const double shape : {0.3, 1.0, 2.5, 40.0}) {
    Rng rng(4);
    const auto m = moments([&] { return rng.gamma(shape); }, 200000);
    EXPECT_NEAR(m.mean, shape, 5 * std::sqrt(shape / 200000)) << shape;
    // Variance of the sample variance: (mu4 - sigma^4) / n with mu4 = 3 k^2 + 6 k.
    EXPECT_NEAR(m.variance, shape, 5 * std::sqrt((2 * shape * shape + 6 * shape) / 200000)) << shape;
  }
}

TEST(Rng, BelowIsUniform) {
  Rng rng(5);
  std::array<double, 7> counts{};
  constexpr double kDraws = 70000;
  for (int i = 0; i < kDraws; ++i) counts.at(rng.below(7)) += 1;
  double chi_square = 0;
  for (const double n : counts) chi_square += (n - kDraws / 7) * (n - kDraws / 7) / (kDraws / 7);
  EXPECT_LT(chi_square, 42.0);  // 6 degrees of freedom: exceeded with probability 1.9e-7
  EXPECT_EQ(rng.below(1), 0u);
}

TEST(Rng, BelowZeroIsOurFault) {
  Rng rng(6);
  try {
    rng.below(0);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::internal);
  }
}

TEST(Rng, WeightedFollowsTheWeightsAndSkipsZeros) {
  Rng rng(7);
  const std::vector<double> cumulative = {0, 1, 1, 4};  // weights 0, 1, 0, 3
  std::array<double, 4> counts{};
  for (int i = 0; i < 40000; ++i) counts.at(rng.weighted(cumulative)) += 1;
  EXPECT_EQ(counts[0], 0);
  EXPECT_EQ(counts[2], 0);
  EXPECT_NEAR(counts[1] / 40000, 0.25, 5 * std::sqrt(0.25 * 0.75 / 40000));
  EXPECT_THROW(rng.weighted({}), Error);
}

TEST(Rng, ShuffleKeepsTheElements) {
  Rng rng(8);
  std::vector<int> values(100);
  std::iota(values.begin(), values.end(), 0);
  auto shuffled = values;
  rng.shuffle(shuffled);
  EXPECT_NE(shuffled, values);
  std::sort(shuffled.begin(), shuffled.end());
  EXPECT_EQ(shuffled, values);
}

}  // namespace
}  // namespace understudy
