// A program of its own: it links the seeded source in place of the secure one.
#include <gtest/gtest.h>

#include <array>
#include <thread>
#include <vector>

#include "privacy/noise/discrete.h"
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

}  // namespace
}  // namespace understudy
