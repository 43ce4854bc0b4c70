#include <gtest/gtest.h>

#include <cmath>

#include "privacy/accountants/golden.h"
#include "privacy/accountants/pld.h"
#include "understudy/error.h"

namespace understudy {
namespace {

double mu_of(const PrivacyEvent& event) { return gaussian_cost(plan_of(event), 1e-9).mu; }

TEST(GaussianCost, ClosedForms) {
  const double pure = mu_of({.kind = EventKind::pure, .epsilon = 1});
  EXPECT_NEAR(mu_of({.kind = EventKind::gaussian, .sensitivity = 2, .noise = 4, .count = 9}), 1.5, 1e-12);
  EXPECT_NEAR(mu_of({.kind = EventKind::gaussian, .noise = 4, .records = 3}), 0.75, 1e-12);
  EXPECT_NEAR(mu_of({.kind = EventKind::bounded_range, .epsilon = 1}), 0.62389, 1e-5);
  EXPECT_NEAR(mu_of({.kind = EventKind::bounded_range, .epsilon = 2}), pure, 1e-12);
  EXPECT_NEAR(mu_of({.kind = EventKind::randomised_response, .epsilon = 1, .choices = 2}), pure, 1e-12);
  EXPECT_NEAR(mu_of({.kind = EventKind::discrete_laplace, .noise = 1}), pure, 1e-12);
  EXPECT_TRUE(std::isinf(mu_of({})));
  EXPECT_EQ(gaussian_cost(Plan{}, 1e-9).mu, 0);
}

// The mu of every kind covers the pair's curve at every grid point, and is near it somewhere.
TEST(GaussianCost, ProvenMusTouchTheCurves) {
  for (const PrivacyEvent& event :
       {PrivacyEvent{.kind = EventKind::laplace, .noise = 1.3}, PrivacyEvent{.kind = EventKind::pure, .epsilon = 0.8},
        PrivacyEvent{.kind = EventKind::randomised_response, .epsilon = 1.2, .choices = 7},
        PrivacyEvent{.kind = EventKind::discrete_laplace, .sensitivity = 3, .noise = 2},
        PrivacyEvent{.kind = EventKind::discrete_laplace, .sensitivity = 4, .noise = 3}}) {
    const double mu = mu_of(event);
    const auto curves = plan_curves(plan_of(event), 1e-3, 1, 1e-12);
    const auto bounds = curves->remove.bounds();
    double worst = 1e300;
    for (std::size_t i = 0; i + 1 < bounds.size(); ++i) {
      worst = std::min(worst, gaussian_delta(mu, 1e-3 * static_cast<double>(i)) - bounds[i]);
    }
    EXPECT_GE(worst, -1e-7) << to_string(event.kind);
    EXPECT_LE(worst, 5e-3) << to_string(event.kind);
  }
}

// Two vertices of the exponential mechanism's trade-off: the centred loss is the worst (docs/privacy/filter.md).
TEST(GaussianCost, BoundedRangeCoversEveryCentre) {
  for (const double epsilon : {0.05, 0.5, 1.0, 3.0, 8.0}) {
    const double mu = mu_of({.kind = EventKind::bounded_range, .epsilon = epsilon});
    for (int step = 0; step <= 40; ++step) {
      const double t = epsilon * step / 40, p = (std::exp(epsilon) - std::exp(t)) / std::expm1(epsilon);
      for (int k = 0; k < 50; ++k) {
        const double at = t * k / 50;  // the pair's curve p (1 - e^(at - t)) for losses t and t - epsilon
        if (at < t - epsilon) continue;
        EXPECT_GE(gaussian_delta(mu, at), p * -std::expm1(at - t) - 1e-14);
      }
    }
  }
}

// An unsampled Gaussian by the numeric envelope: the mu that the closed form gives, a little more.
TEST(GaussianCost, EnvelopeIsTightForANearlyUnsampledGaussian) {
  const double mu = mu_of(sampled_gaussian(20, 1 - 1e-12, 400));
  EXPECT_GE(mu, 1 - 1e-9);
  EXPECT_LE(mu, 1 + 2e-4);
}

// The envelope covers what the accountant finds at every delta above the slack.
TEST(GaussianCost, CoversTheLossCurve) {
  for (const PrivacyEvent& event : {sampled_gaussian(1, 0.01, 1000), sampled_gaussian(0.8, 0.001, 1000),
                                    sampled_gaussian(2, 0.01, 500, 4), sampled_gaussian(10, 0.5, 200)}) {
    const Plan plan = plan_of(event);
    const GaussianCost cost = gaussian_cost(plan, 1e-9);
    EXPECT_EQ(cost.delta, 1e-9);
    double closest = INFINITY;
    for (const double delta : {0.1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 2e-9}) {
      const double envelope = gaussian_epsilon(cost.mu, (delta - 1e-9) / (1 - 1e-9));
      const double exact = pld_epsilon(plan, delta);
      EXPECT_GE(envelope, exact - 2e-5 * (1 + exact)) << event.rate << " at " << delta;
      if (exact > 0) closest = std::min(closest, envelope / exact);
    }
    EXPECT_LT(closest, 1.35);
  }
}

TEST(GaussianCost, AddsMusInSquaresAndDeltasInSums) {
  const PrivacyEvent steps = sampled_gaussian(1, 0.01, 300);
  const double alone = mu_of(steps);
  const Plan plan{.purpose = "test",
                  .events = {steps,
                             {.what = "a", .kind = EventKind::gaussian, .noise = 5, .delta = 1e-8, .count = 4},
                             {.what = "b", .kind = EventKind::pure, .epsilon = 0.1}}};
  const GaussianCost cost = gaussian_cost(plan, 1e-9);
  const double pure = mu_of({.kind = EventKind::pure, .epsilon = 0.1});
  EXPECT_NEAR(cost.mu, std::sqrt(alone * alone + 4.0 / 25 + pure * pure), 1e-9);
  EXPECT_NEAR(cost.delta, 4e-8 + 1e-9, 1e-20);
}

TEST(GaussianCost, SampledPlansNeedSlack) {
  EXPECT_THROW(gaussian_cost(plan_of(sampled_gaussian(1, 0.01, 10)), 0), Error);
  EXPECT_EQ(gaussian_cost(plan_of({.kind = EventKind::gaussian, .noise = 1}), 0).delta, 0);
}

}  // namespace
}  // namespace understudy
