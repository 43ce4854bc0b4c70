#include "privacy/noise/gaussian_stream.h"

#include <gtest/gtest.h>
#include <sodium.h>

#include <cmath>
#include <cstring>
#include <numbers>
#include <numeric>

#include "privacy/noise/box_muller.h"
#include "privacy/noise/testing_fit.h"
#include "privacy/noise/testing_script.h"
#include "testing/kind_of.h"
#include "understudy/random.h"

namespace understudy {
namespace {

std::vector<double> draws(std::size_t size, double deviation = 1) {
  std::vector<double> result(size);
  const auto source = make_noise_source(0);
  GaussianStream(*source).add(result, deviation);
  return result;
}

double mean_of(const std::vector<double>& values, const std::function<double(double)>& function) {
  double sum = 0;
  for (const double value : values) sum += function(value);
  return sum / static_cast<double>(values.size());
}

constexpr std::size_t kDraws = 1000000;
constexpr double kStandardError = 1e-3;   // of the mean of kDraws numbers of variance 1

// 7 standard errors: 3e-12 for a normal mean; the mean of fourth powers is not quite that, and has room to 1e-6.
TEST(GaussianStream, Moments) {
  const auto x = draws(kDraws);
  const auto power = [&](int n) { return mean_of(x, [n](double value) { return std::pow(value, n); }); };
  EXPECT_NEAR(power(1), 0, 7 * kStandardError);
  EXPECT_NEAR(power(2), 1, 7 * kStandardError * std::sqrt(2.0));
  EXPECT_NEAR(power(3), 0, 7 * kStandardError * std::sqrt(15.0));
  EXPECT_NEAR(power(4), 3, 7 * kStandardError * std::sqrt(96.0));
}

// Kolmogorov and Smirnov: sqrt(n) D exceeds x with probability at most 2 exp(-2 x^2) (Massart 1990).
TEST(GaussianStream, DistributionFunction) {
  auto x = draws(kDraws, 3);
  std::sort(x.begin(), x.end());
  double distance = 0;
  for (std::size_t i = 0; i < kDraws; ++i) {
    const double law = std::erfc(-x[i] / (3 * std::numbers::sqrt2)) / 2;
    distance = std::max({distance, law - static_cast<double>(i) / kDraws, static_cast<double>(i + 1) / kDraws - law});
  }
  EXPECT_LE(std::sqrt(static_cast<double>(kDraws)) * distance, std::sqrt(std::log(2 / kFalseAlarm) / 2));
}

TEST(GaussianStream, TailsBeyondFourAndFive) {
  const auto x = draws(20 * kDraws);
  for (const double bound : {4.0, 5.0}) {
    for (const double side : {-1.0, 1.0}) {
      std::size_t i = 0;
      expect_probability([&] { return side * x[i++] > bound; }, std::erfc(bound / std::numbers::sqrt2) / 2,
                         static_cast<int>(x.size()));
    }
  }
}

// Lags of neighbours, of the two of a pair (half a block), and of a block. A product of independent normals has
// variance 1, one of their centred squares 4, and neither mean is far from normal: 7 standard errors are below 1e-6.
TEST(GaussianStream, NeighboursAreIndependent) {
  const auto x = draws(kDraws);
  for (const std::size_t lag : {1, 2, 3, 4, 5, 6, 7, 8, 256, 512}) {
    double products = 0, squares = 0;
    for (std::size_t i = lag; i < kDraws; ++i) {
      products += x[i] * x[i - lag];
      squares += (x[i] * x[i] - 1) * (x[i - lag] * x[i - lag] - 1);
    }
    EXPECT_NEAR(products / kDraws, 0, 7 * kStandardError) << lag;
    EXPECT_NEAR(squares / kDraws, 0, 7 * kStandardError * 2) << lag;
  }
}

// The first block under a key of known bytes, by the standard library: sqrt(-2 ln u) with the quadrant's middle turned
// by the angle.
TEST(GaussianStream, IsBoxMullerOfChaCha20) {
  constexpr std::size_t kHalf = GaussianStream::kBlock / 2;
  ScriptSource source({1, 2, 3, 4, 5, 6, 7, 8});
  std::vector<double> x(GaussianStream::kBlock);
  GaussianStream(source).add(x, 2.5);

  std::array<unsigned char, 32> key{};
  for (unsigned char i = 0; i < 8; ++i) key[4 * i] = static_cast<unsigned char>(i + 1);
  std::array<std::uint64_t, 2 * kHalf> words;
  const std::array<unsigned char, crypto_stream_chacha20_ietf_NONCEBYTES> nonce{};
  crypto_stream_chacha20_ietf(reinterpret_cast<unsigned char*>(words.data()), sizeof(words), nonce.data(), key.data());
  for (std::size_t i = 0; i < kHalf; ++i) {
    const double u = (static_cast<double>(words[i]) + 0.5) / 0x1p64;
    const std::uint64_t w = words[kHalf + i];
    const double turn = static_cast<double>(w % (std::uint64_t{1} << 52)) / 0x1p52;
    const double angle = std::numbers::pi / 2 * turn;
    const double radius = 2.5 * std::sqrt(-2 * std::log(u));
    EXPECT_NEAR(x[i], radius * std::cos(angle) * (w >> 63 != 0 ? -1 : 1), 1e-14);
    EXPECT_NEAR(x[kHalf + i], radius * std::sin(angle) * ((w >> 62 & 1) != 0 ? -1 : 1), 1e-14);
  }
}

TEST(GaussianStream, FloatsGetTheSameNoiseRoundedOnce) {
  std::vector<double> x(1000, 7);
  std::vector<float> y(1000, 7);
  ScriptSource one({9}), other({9});
  GaussianStream(one).add(x, 0.1);
  GaussianStream(other).add(y, 0.1);
  for (std::size_t i = 0; i < x.size(); ++i) EXPECT_EQ(y[i], static_cast<float>(x[i]));
}

TEST(GaussianStream, ThreadsChangeNothing) {
  std::vector<double> one(300 * GaussianStream::kBlock + 17), more = one;
  std::vector<std::uint32_t> words(8 * 301);
  std::iota(words.begin(), words.end(), 1U);
  ScriptSource first(words), second(words);
  GaussianStream(first).add(one, 2);
  GaussianStream(second, 3).add(more, 2);
  EXPECT_TRUE(one == more);
}

TEST(GaussianStream, RefusesWhatIsNoDeviation) {
  std::vector<double> x(3);
  const auto source = make_noise_source(0);
  for (const double deviation : {0.0, -1.0, std::nan(""), HUGE_VAL}) {
    EXPECT_EQ(kind_of([&] { GaussianStream(*source).add(x, deviation); }), ErrorKind::internal);
  }
  EXPECT_EQ(x, std::vector<double>(3));
  GaussianStream(*source).add(std::span<double>(), 1);
}

TEST(BoxMuller, SeriesAgainstTheStandardLibrary) {
  Rng rng(1);
  for (int i = 0; i < 200000; ++i) {
    const double x = rng.uniform(-std::numbers::pi / 4, std::numbers::pi / 4);
    EXPECT_NEAR(box_muller::sine(x), static_cast<double>(std::sin(static_cast<long double>(x))), 1.2e-16);
    EXPECT_NEAR(box_muller::cosine(x), static_cast<double>(std::cos(static_cast<long double>(x))), 1.2e-16);
    const double u = std::exp2(-65 * rng.uniform() * rng.uniform());
    const double log = -static_cast<double>(std::log(static_cast<long double>(u)));
    EXPECT_NEAR(box_muller::minus_log(u), log, 4.5e-16 * log);   // two units in the last place
  }
}

TEST(BoxMuller, UniformNumbersAtTheirEnds) {
  EXPECT_EQ(box_muller::unit(0), 0x1p-65);
  EXPECT_EQ(box_muller::unit(~std::uint64_t{0}), 1);
  EXPECT_EQ(box_muller::unit(std::uint64_t{1} << 63), 0.5);
  EXPECT_EQ(box_muller::unit(0x123456789abcdef0), (0x123456789abcdef0 + 0.5) / 0x1p64);
  EXPECT_EQ(box_muller::minus_log(1), 0);
  const box_muller::Pair far = box_muller::normals(0, 0), near = box_muller::normals(~std::uint64_t{0}, 0);
  EXPECT_NEAR(far.first, std::sqrt(130 * std::numbers::ln2), 1e-14);   // 9.49, along the first axis
  EXPECT_NEAR(far.second, 0, 1e-14);
  EXPECT_EQ(near.first, 0);
}

}  // namespace
}  // namespace understudy
