// Estimates of known truths. Five standard errors: a false alarm in 1.7 million.
#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace understudy {

struct Estimate {
  double value = 0;
  double error = 0;
};

inline void expect_near(const Estimate& estimate, double truth) {
  EXPECT_GT(estimate.error, 0);
  EXPECT_NEAR(estimate.value, truth, 5 * estimate.error);
}

inline Estimate mean(const std::vector<double>& values) {
  double sum = 0;
  double squares = 0;
  for (const double v : values) sum += v;
  const auto n = static_cast<double>(values.size());
  for (const double v : values) squares += (v - sum / n) * (v - sum / n);
  return {sum / n, std::sqrt(squares / (n - 1) / n)};
}

}  // namespace understudy
