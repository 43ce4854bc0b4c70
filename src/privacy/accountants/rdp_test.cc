#include "privacy/accountants/rdp.h"

#include <gtest/gtest.h>

#include <cmath>

#include "privacy/accountants/golden.h"
#include "understudy/error.h"

namespace understudy {
namespace {

double epsilon(PrivacyEvent event, double delta) {
  return find_accountant("rdp").epsilon(plan_of(std::move(event)), delta);
}

TEST(Rdp, AgreesWithTheGoldenRows) {
  for (const auto& row : golden_rows("sampled_gaussian")) {
    const double want = row.value("rdp_exact", row["rdp"].get<double>());
    const double got = epsilon(sampled_gaussian(row["sigma"], row["rate"], row["steps"]), row["delta"]);
    EXPECT_NEAR(got, want, row.contains("rdp_exact") ? 1e-5 : 1e-3) << row;
    EXPECT_GE(got, row["pld"]) << row;
  }
}

// The sum of whole orders and the integral are two ways to the same number.
TEST(Rdp, SumAndIntegralMeet) {
  for (const double sigma : {0.5, 1.0, 10.0}) {
    const PrivacyEvent event = sampled_gaussian(sigma, 0.1, 1);
    const double sum = renyi_divergence(event, 4);
    const double below = renyi_divergence(event, 4 - 1e-7), above = renyi_divergence(event, 4 + 1e-7);
    EXPECT_NEAR((below + above) / 2 / sum, 1, 1e-8) << sigma;
  }
}

// Randomised response at order 2, by hand: log((e^2a / (1 + e^a) + e^-a / (1 + e^a))).
TEST(Rdp, ClosedFormsOfOneUse) {
  const double a = 0.7, truth = std::exp(a) / (1 + std::exp(a));
  EXPECT_NEAR(renyi_divergence({.kind = EventKind::pure, .epsilon = a}, 2),
              std::log(truth * std::exp(a) + (1 - truth) * std::exp(-a)), 1e-14);
  EXPECT_NEAR(renyi_divergence({.kind = EventKind::laplace, .noise = 1 / a}, 2),
              std::log(2.0 / 3 * std::exp(a) + 1.0 / 3 * std::exp(-2 * a)), 1e-14);
  EXPECT_NEAR(renyi_divergence({.kind = EventKind::gaussian, .noise = 2}, 3), 3.0 / 8, 1e-12);
}

TEST(Rdp, SeveralRecordsAreRefused) {
  try {
    epsilon(sampled_gaussian(1, 0.01, 10, 3), 1e-6);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    EXPECT_NE(std::string(error.what()).find("'pld'"), std::string::npos);
  }
}

}  // namespace
}  // namespace understudy
