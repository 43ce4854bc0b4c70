#include "generators/code/history.h"

#include <gtest/gtest.h>

namespace understudy {
namespace {

// Five categories and a missing one; two without.
TEST(History, ByHand) {
  const HistoryColumns columns{.sizes = {6, 2}, .missing = {5, -1}, .clock = 1, .passed = {0.25, 0.5}};
  History history(columns, 5);
  std::vector<float> numbers(static_cast<std::size_t>(history.width()));
  history.write(numbers);
  EXPECT_EQ(numbers, (std::vector<float>{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0.2F}));
  history.add(std::vector<std::int32_t>{4, 0});
  history.write(numbers);
  EXPECT_EQ(numbers, (std::vector<float>{1, 1, 1, 1, 1, 1, -1, 1, -1, -1, -1, 1, 0.25F, 0.2F, 0.25F}));
  history.add(std::vector<std::int32_t>{1, 1});
  history.add(std::vector<std::int32_t>{5, 1});
  history.add(std::vector<std::int32_t>{5, 0});
  history.write(numbers);
  // Ranks 1 and -0.5; the last one three rows ago, counting the one to come.
  EXPECT_EQ(numbers, (std::vector<float>{-0.5F, 1.0F / 3, 0.25F, -0.5F, 1, 0.5F, -1, 1, 0, -1, 1, 1, 1.5F, 0.8F, 1}));
}

TEST(History, AColumnOfOneCategoryIsHarmless) {
  const HistoryColumns columns{.sizes = {1, 2}, .missing = {-1, 1}};
  History history(columns, 1);
  std::vector<float> numbers(15);
  history.add(std::vector<std::int32_t>{0, 1});
  history.write(numbers);
  EXPECT_EQ(numbers, (std::vector<float>{-1, 1, -1, -1, -1, 1, 0, 0, 0, 0, 0, 0, 0, 1, 1}));
}

}  // namespace
}  // namespace understudy
