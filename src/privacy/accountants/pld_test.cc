#include "privacy/accountants/pld.h"

#include <gtest/gtest.h>

#include <cmath>

#include "privacy/accountants/golden.h"
#include "understudy/error.h"

namespace understudy {
namespace {

double epsilon(PrivacyEvent event, double delta) {
  return find_accountant("pld").epsilon(plan_of(std::move(event)), delta);
}

TEST(Pld, SampledGaussianAgreesWithTheGoldenRows) {
  for (const auto& row : golden_rows("sampled_gaussian")) {
    const double got = epsilon(sampled_gaussian(row["sigma"], row["rate"], row["steps"]), row["delta"]);
    EXPECT_LE(got, row["pld"].get<double>() + 1e-4) << row;
    EXPECT_GE(got, row["pld"].get<double>() - 1.3e-5) << row;
  }
}

TEST(Pld, SeveralRecordsAgreeWithTheGoldenRows) {
  const auto section = golden_section("records");
  for (const auto& row : section["rows"]) {
    const PrivacyEvent event = sampled_gaussian(row["sigma"], section["rate"], section["steps"], row["records"]);
    const double got = epsilon(event, section["delta"]);
    EXPECT_NEAR(got / row["pld"].get<double>(), 1, 0.01) << row;
  }
}

TEST(Pld, LaplaceAgreesWithTheGoldenRows) {
  for (const auto& row : golden_rows("laplace")) {
    const PrivacyEvent event = {.kind = EventKind::laplace, .noise = row["scale"], .count = row["count"]};
    const double got = epsilon(event, row["delta"]);
    EXPECT_NEAR(got, row["pld"], 1e-5) << row;
  }
}

// One use has a closed form: the hockey-stick curve of the pair.
TEST(Pld, OneUseHasItsClosedForm) {
  const double delta = 1e-3, e = std::exp(1.0);
  // Laplace: delta = 1 - e^((epsilon - 1) / 2).
  EXPECT_NEAR(epsilon({.kind = EventKind::laplace, .noise = 1}, delta), 1 + 2 * std::log1p(-delta), 1e-7);
  // Randomised response: delta = (e - e^epsilon) / (e + choices - 1).
  EXPECT_NEAR(epsilon({.kind = EventKind::randomised_response, .epsilon = 1, .choices = 4}, delta),
              std::log(e - delta * (e + 3)), 1e-7);
  const double pure = epsilon({.kind = EventKind::pure, .epsilon = 1}, delta);
  EXPECT_NEAR(pure, std::log(e - delta * (e + 1)), 1e-7);
  // Bounded range: delta = (e^(1/2) - e^(epsilon/2))^2 / (e - 1).
  EXPECT_NEAR(epsilon({.kind = EventKind::bounded_range, .epsilon = 1}, delta),
              2 * std::log(std::sqrt(e) - std::sqrt(delta * (e - 1))), 1e-6);
  // Discrete Laplace of shift 1 has two losses, as randomised response.
  EXPECT_NEAR(epsilon({.kind = EventKind::discrete_laplace, .noise = 1}, delta), pure, 1e-9);
}

// T uses of randomised response: binomial sums.
double response_delta(double one, int uses, double epsilon) {
  double delta = 0;
  const double truth = 1 / (1 + std::exp(-one));
  for (int k = 0; k <= uses; ++k) {
    const double loss = one * (2 * k - uses);
    const double choose = std::lgamma(uses + 1.0) - std::lgamma(k + 1.0) - std::lgamma(uses - k + 1.0);
    const double p = std::exp(choose + k * std::log(truth) + (uses - k) * std::log1p(-truth));
    if (loss > epsilon) delta += p * -std::expm1(epsilon - loss);
  }
  return delta;
}

TEST(Pld, ManyUsesOfAPureEventAreBinomial) {
  for (const double delta : {1e-3, 1e-6, 1e-10, 1e-14}) {
    const double got = epsilon({.kind = EventKind::pure, .epsilon = 0.1, .count = 100}, delta);
    EXPECT_LE(response_delta(0.1, 100, got), delta);
    EXPECT_GE(response_delta(0.1, 100, got - 5e-5), delta) << got;
  }
}

// Unsampled Gaussians through the grid and the Fourier transform, which the closed form would bypass.
TEST(Pld, GridIsAboveTheExactGaussianAndNearIt) {
  for (const double delta : {1e-2, 1e-5, 1e-9, 1e-12}) {
    Plan plan = plan_of({.kind = EventKind::gaussian, .noise = 20, .delta = 1e-30, .count = 400});
    const double got = pld_epsilon(plan, delta), exact = gaussian_epsilon(1, delta);
    EXPECT_GE(got, exact);
    EXPECT_LE(got, exact + 1e-4) << delta;
  }
}

TEST(Pld, UnlikeEventsCompose) {
  Plan plan = plan_of(sampled_gaussian(1, 0.01, 1000));
  const double alone = pld_epsilon(plan, 1e-5);
  plan.events.push_back({.what = "counts", .kind = EventKind::discrete_gaussian, .noise = 10});
  plan.events.push_back({.what = "choice", .kind = EventKind::bounded_range, .epsilon = 0.1, .count = 3});
  const double both = pld_epsilon(plan, 1e-5);
  EXPECT_GT(both, alone);
  EXPECT_LT(both, alone + gaussian_epsilon(0.2, 1e-6) + 0.3);
  std::swap(plan.events[0], plan.events[2]);
  EXPECT_NEAR(pld_epsilon(plan, 1e-5), both, 1e-9);
}

// Two halves of a plan are the plan.
TEST(Pld, CountsAddUp) {
  const double whole = pld_epsilon(plan_of(sampled_gaussian(1, 0.01, 1000)), 1e-5, 1e-4);
  Plan halves{.purpose = "test", .events = {sampled_gaussian(1, 0.01, 300), sampled_gaussian(1, 0.01, 700)}};
  EXPECT_NEAR(pld_epsilon(halves, 1e-5, 1e-4), whole, 1e-5);
}

TEST(Pld, FailuresGoToInfinity) {
  const PrivacyEvent event = {.kind = EventKind::pure, .epsilon = 0.5, .delta = 1e-7, .count = 10};
  EXPECT_TRUE(std::isinf(epsilon(event, 9e-7)));
  EXPECT_GT(epsilon(event, 2e-6), epsilon({.kind = EventKind::pure, .epsilon = 0.5, .count = 10}, 2e-6));
  // One use: delta = failure + (1 - failure) (e^a - e^epsilon) / (1 + e^a).
  const double rest = (1e-3 - 1e-4) / (1 - 1e-4), a = std::exp(0.5);
  const PrivacyEvent once = {.kind = EventKind::pure, .epsilon = 0.5, .delta = 1e-4};
  EXPECT_NEAR(epsilon(once, 1e-3), std::log(a - rest * (1 + a)), 1e-7);
}

TEST(Pld, EdgesOfTheRange) {
  EXPECT_EQ(find_accountant("pld").epsilon(Plan{}, 1e-6), 0);
  EXPECT_TRUE(std::isinf(epsilon({}, 0.5)));
  EXPECT_TRUE(std::isinf(epsilon({.kind = EventKind::pure, .epsilon = 1000}, 1e-6)));
  EXPECT_EQ(epsilon(sampled_gaussian(50, 0.001, 1), 0.1), 0);
  EXPECT_GT(epsilon(sampled_gaussian(0.1, 0.5, 10), 1e-6), 100);
  EXPECT_GT(epsilon(sampled_gaussian(100, 1e-5, 1000000), 1e-9), 0);
  EXPECT_LT(epsilon(sampled_gaussian(100, 1e-5, 1000000), 1e-9), 5e-4);  // about gaussian_epsilon(1e-4, 1e-9)
}

// A coarser grid is never below a finer one by more than the search's precision.
TEST(Pld, CoarserGridsAreAboveFinerOnes) {
  const Plan plan = plan_of(sampled_gaussian(0.8, 0.005, 1000));
  double finer = pld_epsilon(plan, 1e-6, 5e-5);
  for (const double interval : {1e-4, 5e-4, 2e-3, 1e-2}) {
    const double coarser = pld_epsilon(plan, 1e-6, interval);
    EXPECT_GE(coarser, finer - 1e-5);
    finer = coarser;
  }
}

}  // namespace
}  // namespace understudy
