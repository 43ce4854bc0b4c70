#include "privacy/accountants/zcdp.h"

#include <gtest/gtest.h>

#include <cmath>

#include "privacy/accountants/golden.h"
#include "understudy/error.h"

namespace understudy {
namespace {

TEST(Zcdp, ConversionAgreesWithTheGoldenRows) {
  for (const auto& row : golden_rows("zcdp")) {
    EXPECT_NEAR(zcdp_to_epsilon(row["rho"], row["delta"]), row["epsilon"], 2e-6) << row;
  }
  for (const auto& row : golden_rows("mu")) {
    EXPECT_NEAR(zcdp_to_epsilon(row["rho"], row["delta"]) / row["epsilon"].get<double>(), 1, 1e-4) << row;
  }
}

TEST(Zcdp, AddsUp) {
  const double rho = 4.0 / 50 + 0.3 * 0.3 / 2 + 2 * 0.4 * 0.4 / 8;
  const Plan plan{.purpose = "test",
                  .events = {{.what = "a", .kind = EventKind::gaussian, .noise = 5, .count = 4},
                             {.what = "b", .kind = EventKind::pure, .epsilon = 0.3},
                             {.what = "c", .kind = EventKind::bounded_range, .epsilon = 0.4, .count = 2}}};
  EXPECT_NEAR(find_accountant("zcdp").epsilon(plan, 1e-6), zcdp_to_epsilon(rho, 1e-6), 1e-9);
}

TEST(Zcdp, EdgesOfTheRange) {
  EXPECT_EQ(find_accountant("zcdp").epsilon(Plan{}, 1e-6), 0);
  EXPECT_TRUE(std::isinf(find_accountant("zcdp").epsilon(plan_of({}), 1e-6)));
  EXPECT_THROW(find_accountant("zcdp").epsilon(plan_of(sampled_gaussian(1, 0.1, 1)), 1e-6), Error);
  EXPECT_THROW(find_accountant("zcdp").epsilon(Plan{}, 0), Error);
}

}  // namespace
}  // namespace understudy
