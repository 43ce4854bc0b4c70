#include "generators/shorten.h"

#include <gtest/gtest.h>

#include <vector>

namespace understudy {
namespace {

std::vector<double> shortened(std::vector<double> gaps, double room, double step) {
  shorten(gaps, room, step);
  return gaps;
}

TEST(Shorten, TheLongestFirst) {
  EXPECT_EQ(shortened({1, 5, 2}, 8, 1), (std::vector<double>{1, 5, 2}));  // it fits
  EXPECT_EQ(shortened({1, 5, 2}, 6, 1), (std::vector<double>{1, 3, 2}));
  EXPECT_EQ(shortened({1, 5, 2}, 4, 1), (std::vector<double>{1, 1, 2}));
  EXPECT_EQ(shortened({0.5, 4}, 2, 0), (std::vector<double>{0.5, 1.5}));
}

TEST(Shorten, NoneBelowTheShortest) {
  EXPECT_EQ(shortened({2, 2, 9}, 3, 1), (std::vector<double>{2, 2, 2}));
  EXPECT_EQ(shortened({}, 3, 1), std::vector<double>());
  EXPECT_EQ(shortened({4}, 3, 1), std::vector<double>{4});
}

// Microseconds, and far too much of them: no step at a time.
TEST(Shorten, ManySteps) {
  const auto gaps = shortened({1, 9e12, 8e12}, 1e12, 1);
  EXPECT_LE(gaps[0] + gaps[1] + gaps[2], 1e12);
  EXPECT_GT(gaps[0] + gaps[1] + gaps[2], 0.99e12);
}

}  // namespace
}  // namespace understudy
