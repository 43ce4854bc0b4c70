#include "privacy/accountants/gdp.h"

#include <gtest/gtest.h>

#include <cmath>

#include "privacy/accountants/golden.h"
#include "understudy/error.h"

namespace understudy {
namespace {

TEST(Gdp, GaussiansAreExact) {
  for (const auto& row : golden_rows("gaussian")) {
    const double mu = row["mu"];
    const Plan plan = plan_of({.kind = EventKind::gaussian, .noise = 2 / mu, .count = 4});
    EXPECT_NEAR(find_accountant("gdp").epsilon(plan, row["delta"]), row["epsilon"], 1e-8) << row;
    EXPECT_NEAR(find_accountant("pld").epsilon(plan, row["delta"]), row["epsilon"], 1e-8) << row;
  }
}

TEST(Gdp, FailuresAreTakenOffDelta) {
  const Plan plan = plan_of({.kind = EventKind::gaussian, .noise = 1, .delta = 1e-7, .count = 2});
  EXPECT_NEAR(find_accountant("gdp").epsilon(plan, 1e-6), gaussian_epsilon(std::sqrt(2.0), 8e-7 / (1 - 2e-7)), 1e-9);
  EXPECT_TRUE(std::isinf(find_accountant("gdp").epsilon(plan, 2e-7)));
}

TEST(Gdp, SampledEventsAreRefused) {
  EXPECT_THROW(find_accountant("gdp").epsilon(plan_of(sampled_gaussian(1, 0.1, 1)), 1e-6), Error);
}

// No accountant is below the tightest by more than its search's precision, except where `pld` has only an envelope
// (bounded range, docs/privacy/accounting.md).
TEST(Accountants, PldIsTheTightest) {
  for (const PrivacyEvent& event : {PrivacyEvent{.kind = EventKind::laplace, .noise = 3, .count = 5},
                                    PrivacyEvent{.kind = EventKind::discrete_gaussian, .noise = 3, .count = 5},
                                    PrivacyEvent{.kind = EventKind::randomised_response, .epsilon = 0.4, .count = 20},
                                    PrivacyEvent{.kind = EventKind::pure, .epsilon = 0.1, .count = 50}}) {
    const Plan plan = plan_of(event);
    const double tightest = find_accountant("pld").epsilon(plan, 1e-6);
    for (const AccountantEntry& entry : accountants()) {
      ASSERT_TRUE(entry.supports(event));
      EXPECT_GE(entry.epsilon(plan, 1e-6), tightest - 2e-5) << entry.name << " of " << to_string(event.kind);
    }
  }
}

TEST(Accountants, UnknownNamesAreRefused) {
  try {
    find_accountant("moments");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    EXPECT_NE(std::string(error.what()).find("pld, rdp, zcdp, gdp"), std::string::npos);
  }
}

}  // namespace
}  // namespace understudy
