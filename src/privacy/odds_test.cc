#include "privacy/odds.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "testing/kind_of.h"

namespace understudy {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(Posterior, AgreesWithHandComputedOdds) {
  EXPECT_NEAR(posterior(0.5, 1, 0), 0.731059, 1e-6);              // e / (1 + e)
  EXPECT_NEAR(posterior(0.5, 3, 0), 0.952574, 1e-6);              // e^3 / (1 + e^3), e^3 = 20.0855
  EXPECT_NEAR(posterior(0.01, 1, 0), 0.0267236, 1e-6);            // 0.0271828 / (0.99 + 0.0271828)
  EXPECT_NEAR(posterior(0.9, 1, 0), 0.960730, 1e-6);              // 2.446454 / (0.1 + 2.446454)
  EXPECT_NEAR(posterior(0.5, std::log(3.0), 0.1), 0.775, 1e-12);  // 0.1 + 0.9 * 0.75
}

TEST(Posterior, NothingSpentTellsNothingAndEverythingTellsAll) {
  for (const double prior : {1e-9, 0.01, 0.5, 0.999}) {
    EXPECT_DOUBLE_EQ(posterior(prior, 0, 0), prior);
    EXPECT_DOUBLE_EQ(posterior(prior, kInfinity, 0), 1);
    EXPECT_DOUBLE_EQ(posterior(prior, 1000, 0), 1);
    EXPECT_DOUBLE_EQ(posterior(prior, 0, 1), 1);
  }
}

TEST(Posterior, RefusesWhatIsNoProbability) {
  const double none = std::nan("");
  for (const double prior : {0.0, 1.0, -0.5, none})
    EXPECT_EQ(kind_of([&] { posterior(prior, 1, 0); }), ErrorKind::usage);
  for (const double epsilon : {-1.0, none}) EXPECT_EQ(kind_of([&] { posterior(0.5, epsilon, 0); }), ErrorKind::usage);
  for (const double delta : {-0.1, 1.1, none}) EXPECT_EQ(kind_of([&] { posterior(0.5, 1, delta); }), ErrorKind::usage);
}

// The mechanism that the bound is taken from: it tells all with probability delta, else the truth by a coin of
// e^epsilon / (1 + e^epsilon). The expected belief in a participant, computed from its four answers, is the bound where
// the answer "took part" is the one that was seen.
TEST(Posterior, IsWhatTheWorstMechanismReaches) {
  const double prior = 0.2, epsilon = 1.5, delta = 0.05;
  const double truth = std::exp(epsilon) / (1 + std::exp(epsilon));
  const double yes_in = truth, yes_out = 1 - truth;
  const double belief = prior * yes_in / (prior * yes_in + (1 - prior) * yes_out);
  EXPECT_NEAR(posterior(prior, epsilon, delta), delta + (1 - delta) * belief, 1e-15);
}

TEST(GaussianOdds, AgreeWithTablesOfTheNormal) {
  EXPECT_NEAR(right_guesses({1, 0}), 0.691462, 1e-6);     // Phi(0.5)
  EXPECT_NEAR(found({1, 0}, 0.01), 0.0923622, 1e-6);      // Phi(1 - 2.326348)
  EXPECT_NEAR(area_under_curve({1, 0}), 0.760250, 1e-6);  // Phi(0.707107)
  EXPECT_NEAR(right_guesses({1, 0.1}), 0.741462, 1e-6);
  EXPECT_NEAR(found({1, 0.1}, 0.01), 0.1923622, 1e-6);
}

TEST(GaussianOdds, NothingSpentIsChance) {
  EXPECT_DOUBLE_EQ(right_guesses({0, 0}), 0.5);
  EXPECT_NEAR(found({0, 0}, 0.01), 0.01, 1e-15);
  EXPECT_DOUBLE_EQ(area_under_curve({0, 0}), 0.5);
  EXPECT_DOUBLE_EQ(right_guesses({kInfinity, 0.5}), 1);
  EXPECT_DOUBLE_EQ(found({kInfinity, 0}, 0.01), 1);
  EXPECT_EQ(kind_of([] { right_guesses({-1, 0}); }), ErrorKind::usage);
  EXPECT_EQ(kind_of([] { found({1, 0}, 0); }), ErrorKind::usage);
}

// Two normals a distance mu apart are the worst case: counting pairs on a fine grid gives the same area.
TEST(GaussianOdds, TheAreaIsThatUnderTheCurve) {
  const GaussianCost cost{1.3, 0};
  double area = 0;
  constexpr int kSteps = 200000;
  for (int i = 0; i < kSteps; ++i) area += found(cost, (i + 0.5) / kSteps) / kSteps;
  EXPECT_NEAR(area, area_under_curve(cost), 1e-6);
}

}  // namespace
}  // namespace understudy
