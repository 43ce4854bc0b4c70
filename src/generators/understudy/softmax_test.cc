#include "generators/understudy/softmax.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace understudy {
namespace {

TEST(Softmax, ExponentialAgainstTheStandardLibrary) {
  for (double x = 0; x > -87; x -= 0.00037) {
    const auto given = static_cast<float>(x);
    const double wanted = std::exp(static_cast<double>(given));
    ASSERT_NEAR(exponential(given) / wanted, 1, 3e-7) << given;
  }
  EXPECT_EQ(exponential(0), 1);
  EXPECT_EQ(exponential(-88), 0);
  EXPECT_EQ(exponential(-1e30F), 0);
}

TEST(Softmax, LargestAndSum) {
  for (std::int64_t size = 1; size < 40; ++size) {
    std::vector<float> row;
    for (std::int64_t i = 0; i < size; ++i) row.push_back(static_cast<float>(100 + (i * 41) % size));
    float largest = 0;
    const float sum = exponentials(row.data(), size, largest);
    EXPECT_EQ(largest, static_cast<float>(100 + size - 1));
    double wanted = 0;
    for (std::int64_t i = 0; i < size; ++i) wanted += std::exp(-static_cast<double>(i));
    EXPECT_NEAR(sum, wanted, 1e-6);
  }
}

}  // namespace
}  // namespace understudy
