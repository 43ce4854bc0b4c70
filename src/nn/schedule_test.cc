#include "nn/schedule.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <vector>

#include "testing/kind_of.h"

namespace understudy::nn {
namespace {

void expect_rates(const Schedule& schedule, const std::vector<double>& expected) {
  const auto total = static_cast<std::int64_t>(expected.size()) - 1;
  for (std::int64_t step = 0; step <= total; ++step) {
    EXPECT_NEAR(rate_at(schedule, step, total), expected[static_cast<std::size_t>(step)], 1e-12) << step;
  }
}

TEST(Schedule, DecaysByHand) {
  expect_rates({.rate = 8}, {8, 8, 8, 8, 8});
  expect_rates({.rate = 8, .decay = Decay::linear}, {8, 6, 4, 2, 0});
  const double root = std::numbers::sqrt2 / 2;
  expect_rates({.rate = 8, .decay = Decay::cosine}, {8, 4 + 4 * root, 4, 4 - 4 * root, 0});
}

TEST(Schedule, WarmsUpFirst) {
  expect_rates({.rate = 9, .warmup = 0.4}, {3, 6, 9, 9, 9, 9});
  expect_rates({.rate = 9, .decay = Decay::linear, .warmup = 0.4}, {3, 6, 9, 6, 3, 0});
  expect_rates({.rate = 9, .decay = Decay::linear, .warmup = 0.1}, {9, 6, 3, 0});   // no whole step of warm-up
}

TEST(Schedule, HoldsBeforeItFalls) {
  expect_rates({.rate = 8, .decay = Decay::linear, .hold = 0.5}, {8, 8, 8, 4, 0});
  expect_rates({.rate = 9, .decay = Decay::linear, .warmup = 0.4, .hold = 0.2}, {3, 6, 9, 9, 4.5, 0});
}

TEST(Schedule, TrainingsOfAnyLengthFinish) {
  for (const std::int64_t total : {0, 1, 2, 1000}) {
    for (const Decay decay : {Decay::linear, Decay::cosine}) {
      const Schedule schedule = {.rate = 1, .decay = decay, .warmup = 0.99};
      EXPECT_NEAR(rate_at(schedule, total, total), 0, 1e-12);
      if (total == 0) continue;
      EXPECT_GT(rate_at(schedule, total - 1, total), 0);
    }
  }
}

TEST(Schedule, RefusesWhatIsNoStep) {
  EXPECT_EQ(kind_of([] { rate_at({}, -1, 10); }), ErrorKind::internal);
  EXPECT_EQ(kind_of([] { rate_at({}, 11, 10); }), ErrorKind::internal);
  EXPECT_EQ(kind_of([] { rate_at({.warmup = 1}, 1, 10); }), ErrorKind::internal);
  EXPECT_EQ(kind_of([] { rate_at({.warmup = std::nan("")}, 1, 10); }), ErrorKind::internal);
  EXPECT_EQ(kind_of([] { rate_at({.warmup = 0.5, .hold = 0.5}, 1, 10); }), ErrorKind::internal);
}

}  // namespace
}  // namespace understudy::nn
