#include "falsify/lower_bound.h"

#include <gtest/gtest.h>

namespace understudy {
namespace {

struct Row {
  std::int64_t tp, fp;
  double tpr_low, fpr_high, epsilon, mu;
};

// At 95 % with 1000 runs on each side; computed apart from this code.
constexpr Row kRows[] = {
    {300, 10, .271721, .018313, 2.697152, 1.482287}, {50, 5, .037335, .011629, 1.166399, .486673},
    {900, 100, .879712, .120288, 1.989706, 2.347097}, {20, 0, .012258, .003682, 1.202722, .430975},
    {600, 400, .568878, .431122, .277277, .347039},
};

TEST(LowerBound, RatesEpsilonAndMu) {
  for (const Row& row : kRows) {
    const Hits hits = {row.tp, 1000, row.fp, 1000};
    EXPECT_NEAR(proportion_low(row.tp, 1000, 0.025), row.tpr_low, 1e-6);
    EXPECT_NEAR(proportion_high(row.fp, 1000, 0.025), row.fpr_high, 1e-6);
    EXPECT_NEAR(epsilon_lower_bound(hits, 0, 0.05), row.epsilon, 1e-6);
    EXPECT_NEAR(mu_lower_bound(hits, 0.05), row.mu, 1e-6);
  }
}

TEST(LowerBound, CeilingsOfAPerfectAttack) {
  const std::pair<int, double> ceilings[] = {{100, 3.281},  {250, 4.209},  {500, 4.906},  {1000, 5.601},
                                             {2000, 6.295}, {5000, 7.212}, {10000, 7.905}};
  for (const auto& [n, epsilon] : ceilings) EXPECT_NEAR(epsilon_lower_bound({n, n, 0, n}, 0, 0.05), epsilon, 6e-4);
}

TEST(LowerBound, DeltaIsTakenOffAndNothingIsProvedByNoHits) {
  EXPECT_NEAR(epsilon_lower_bound({300, 1000, 10, 1000}, 0.1, 0.05), std::log((.271721 - .1) / .018313), 1e-4);
  EXPECT_EQ(epsilon_lower_bound({300, 1000, 10, 1000}, 0.3, 0.05), -std::numeric_limits<double>::infinity());
  EXPECT_EQ(epsilon_lower_bound({0, 1000, 0, 1000}, 0, 0.05), -std::numeric_limits<double>::infinity());
  EXPECT_EQ(mu_lower_bound({1000, 1000, 1000, 1000}, 0.05), -std::numeric_limits<double>::infinity());
}

}  // namespace
}  // namespace understudy
