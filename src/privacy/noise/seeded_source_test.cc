// A program of its own: it links the seeded source in place of the secure one.
#include <gtest/gtest.h>

#include <array>
#include <thread>
#include <vector>

#include "privacy/noise/discrete.h"
#include "privacy/noise/gaussian_stream.h"
#include "privacy/noise/source.h"

namespace understudy {
namespace {

std::vector<std::int64_t> draws(std::uint64_t seed) {
  std::vector<std::int64_t> result(1000);
  discrete_gaussian(*make_noise_source(seed), {10, 1}, result);
  return result;
}

TEST(SeededSource, SaysThatItIsSeeded) { EXPECT_TRUE(noise_is_seeded()); }

TEST(SeededSource, TheSeedDecidesEveryDraw) {
  EXPECT_EQ(draws(3), draws(3));
  EXPECT_NE(draws(3), draws(4));
  EXPECT_NE(draws(3), draws(std::uint64_t{3} << 32));
}

TEST(SeededSource, TheStreamDoesNotDependOnHowItIsCut) {
  std::array<std::uint8_t, 9000> whole, pieces;
  make_noise_source(5)->fill(whole);
  const auto source = make_noise_source(5);
  for (std::size_t at = 0, size = 1; at < pieces.size(); at += size, size = 2 * size + 1) {
    size = std::min(size, pieces.size() - at);
    source->fill({pieces.data() + at, size});
  }
  EXPECT_EQ(whole, pieces);
}

TEST(SeededSource, TheThreadDoesNotMatter) {
  std::vector<std::int64_t> elsewhere;
  std::thread([&] { elsewhere = draws(3); }).join();
  EXPECT_EQ(elsewhere, draws(3));
}

std::vector<double> noise(std::uint64_t seed, std::vector<std::size_t> sizes) {
  const auto source = make_noise_source(seed);
  GaussianStream stream(*source);
  std::vector<double> result;
  for (const std::size_t size : sizes) {
    std::vector<double> part(size);
    stream.add(part, 1);
    result.insert(result.end(), part.begin(), part.end());
  }
  return result;
}

TEST(GaussianStream, TheSeedDecidesItAndCutsAtBlocksDoNotMatter) {
  constexpr std::size_t kBlock = GaussianStream::kBlock;
  const auto whole = noise(3, {7 * kBlock + 13});
  EXPECT_EQ(whole, noise(3, {kBlock, 2 * kBlock, 0, 4 * kBlock, 13}));
  EXPECT_NE(whole, noise(4, {7 * kBlock + 13}));
  EXPECT_NE(whole, noise(3, {kBlock + 1, 6 * kBlock + 12}));         // only there
  std::vector<double> elsewhere;
  std::thread([&] { elsewhere = noise(3, {7 * kBlock + 13}); }).join();
  EXPECT_EQ(whole, elsewhere);
}

}  // namespace
}  // namespace understudy
