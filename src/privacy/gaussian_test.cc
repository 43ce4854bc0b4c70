#include <gtest/gtest.h>

#include <cmath>

#include "privacy/accountants/discrete_gaussian.h"
#include "privacy/accountants/golden.h"
#include "privacy/accountants/normal.h"
#include "understudy/error.h"

namespace understudy {
namespace {

TEST(Gaussian, CurveIsExactToTwelveDigits) {
  for (const auto& row : golden_rows("curve")) {
    const double want = row["delta"];
    EXPECT_NEAR(gaussian_delta(row["mu"], row["epsilon"]) / want, 1, 1e-12) << row;
  }
}

TEST(Gaussian, InversesAgreeWithTheGoldenRows) {
  for (const auto& row : golden_rows("gaussian")) {
    EXPECT_NEAR(gaussian_epsilon(row["mu"], row["delta"]), row["epsilon"], 1e-8) << row;
    EXPECT_NEAR(gaussian_mu(row["epsilon"], row["delta"]), row["mu"], 1e-8) << row;
  }
  for (const auto& row : golden_rows("mu")) {
    EXPECT_NEAR(gaussian_mu(row["epsilon"], row["delta"]), row["mu"], 1e-6) << row;
  }
}

TEST(Gaussian, InversesErrUpwards) {
  for (const double mu : {1e-3, 0.1, 1.0, 7.0, 30.0}) {
    for (const double delta : {1e-12, 1e-6, 1e-2}) {
      const double epsilon = gaussian_epsilon(mu, delta);
      EXPECT_LE(gaussian_delta(mu, epsilon), delta);
      if (epsilon == 0) continue;
      EXPECT_NEAR(gaussian_mu(epsilon, delta), mu, 1e-10 * mu);
    }
  }
}

TEST(Gaussian, EdgesOfTheRange) {
  EXPECT_EQ(gaussian_delta(0, 0), 0);
  EXPECT_EQ(gaussian_delta(INFINITY, 5), 1);
  EXPECT_EQ(gaussian_epsilon(0, 1e-6), 0);
  EXPECT_TRUE(std::isinf(gaussian_epsilon(INFINITY, 1e-6)));
  EXPECT_EQ(gaussian_delta(1, 1e6), 0);
  EXPECT_NEAR(gaussian_delta(1e3, 1), 1, 1e-12);
  EXPECT_THROW(gaussian_delta(-1, 1), Error);
  EXPECT_THROW(gaussian_epsilon(1, 0), Error);
  EXPECT_THROW(gaussian_mu(-1, 0.5), Error);
}

TEST(Normal, TailsAndQuantilesInvertEachOther) {
  for (const double x : {-8.0, -3.0, -0.5, 0.0, 0.1, 2.9, 3.1, 10.0, 37.0, 1000.0}) {
    EXPECT_NEAR(upper_normal_quantile(log_normal_survival(x)), x, 1e-9 * (1 + std::abs(x))) << x;
  }
  EXPECT_NEAR(mills_ratio(2.9999999999) / mills_ratio(3), 1, 1e-10);  // both formulas
  EXPECT_NEAR(mills_slope(2.9999999999) / mills_slope(3), 1, 1e-9);
}

TEST(DiscreteGaussian, AgreesWithTheGoldenRows) {
  for (const auto& row : golden_rows("discrete_gaussian")) {
    const double sigma = row["sigma"], want = row["mu"], got = discrete_gaussian_mu(sigma);
    EXPECT_GE(got, want) << row;
    EXPECT_LE(got, want * (1 + (sigma < 8 ? 1e-9 : 0.01 / (sigma * sigma)))) << row;
  }
}

// The closed bound holds from where it is used on, and the constant of the docs is the limit.
TEST(DiscreteGaussian, ApproachesTheContinuousOne) {
  double last = INFINITY;
  for (const double sigma : {0.6, 0.8, 1.0, 2.0, 4.0, 7.9}) {
    const double excess = (sigma * discrete_gaussian_mu(sigma) - 1) * sigma * sigma;
    EXPECT_GT(excess, 1.0 / 24);
    EXPECT_LT(excess, last);
    last = excess;
  }
  EXPECT_LT(last, 1.0 / 20);
  EXPECT_GE(discrete_gaussian_mu(8), discrete_gaussian_mu(7.9999) * 0.9999);
  EXPECT_TRUE(std::isinf(discrete_gaussian_mu(0.01)));
}

}  // namespace
}  // namespace understudy
