// Wasserstein, total variation and missingness: one number per column, hand-computed.
#include <gtest/gtest.h>

#include "metrics/estimate.h"
#include "metrics/missingness.h"
#include "metrics/test_cohorts.h"
#include "metrics/tv.h"
#include "metrics/wasserstein.h"

namespace understudy {
namespace {

using Evaluate = std::vector<Finding> (*)(const Evaluation&, const Context&);

const Schema kNumber = person_schema({number_column("x")});
const Schema kColour = person_schema({category_column("colour", {"red", "green", "blue"})});

std::vector<Finding> compare(Evaluate evaluate, const Schema& schema, std::vector<double> real,
                             std::vector<double> made) {
  const Cohort a = people(schema, {std::move(real)});
  const Cohort b = people(schema, {std::move(made)});
  return evaluate({a, a, b}, {});
}

TEST(Wasserstein, HandComputed) {
  // Every value moves by 3; the real values 0, 2 (twice: train and holdout) have standard deviation 1.
  const auto findings = compare(evaluate_wasserstein, kNumber, {0, 2}, {3, 5});
  EXPECT_DOUBLE_EQ(finding(findings, "wasserstein_mean").value, 3);
  EXPECT_DOUBLE_EQ(finding(findings, "wasserstein", "x").value, 3);
  EXPECT_EQ(finding(findings, "wasserstein_mean").reference, 0);
}

TEST(Wasserstein, UnequalSizes) {
  // Half of the mass of {0, 2} moves from 0 to 2.
  EXPECT_DOUBLE_EQ(finding(compare(evaluate_wasserstein, kNumber, {0, 2}, {2}), "wasserstein_mean").value, 1);
}

TEST(Wasserstein, ScaleDoesNotMatter) {
  const auto small = compare(evaluate_wasserstein, kNumber, {1, 2, 4}, {2, 2, 5});
  const auto large = compare(evaluate_wasserstein, kNumber, {1000, 2000, 4000}, {2000, 2000, 5000});
  EXPECT_NEAR(finding(small, "wasserstein_mean").value, finding(large, "wasserstein_mean").value, 1e-12);
}

TEST(Wasserstein, ConstantRealColumn) {
  EXPECT_EQ(finding(compare(evaluate_wasserstein, kNumber, {4, 4}, {4, 4}), "wasserstein", "x").value, 0);
  const Finding& other = finding(compare(evaluate_wasserstein, kNumber, {4, 4}, {5, 5}), "wasserstein", "x");
  EXPECT_TRUE(std::isnan(other.value));
  EXPECT_EQ(other.meaning.rfind("Not measured", 0), 0U);
}

TEST(Tv, HandComputed) {
  // Shares: real 1/2, 1/4, 1/4; synthetic 1/4, 1/2, 1/4. Distance: (1/4 + 1/4) / 2.
  const auto findings = compare(evaluate_tv, kColour, {0, 0, 1, 2}, {0, 1, 1, 2});
  EXPECT_DOUBLE_EQ(finding(findings, "tv_mean").value, 0.25);
  EXPECT_DOUBLE_EQ(finding(findings, "TVComplement", "colour").value, 0.75);
}

TEST(Tv, EqualityMismatchAndMissing) {
  EXPECT_EQ(finding(compare(evaluate_tv, kColour, {0, 1, 2}, {2, 1, 0}), "tv_mean").value, 0);
  EXPECT_EQ(finding(compare(evaluate_tv, kColour, {0, 0}, {1, 2}), "tv_mean").value, 1);
  EXPECT_EQ(finding(compare(evaluate_tv, kColour, {0, 1}, {0, 1, kMissing}), "tv_mean").value, 0);
  EXPECT_EQ(finding(compare(evaluate_tv, kColour, {0, 1}, {kMissing}), "tv_mean").value, 1);
  EXPECT_TRUE(std::isnan(finding(compare(evaluate_tv, kColour, {kMissing}, {kMissing}), "tv_mean").value));
}

TEST(Tv, UndeclaredCategoriesCount) {
  EXPECT_DOUBLE_EQ(finding(compare(evaluate_tv, kColour, {0, 1}, {0, 17}), "tv_mean").value, 0.5);
}

TEST(Missingness, HandComputed) {
  const Schema schema = person_schema({number_column("x"), category_column("colour", {"red", "green"})});
  const Cohort real = people(schema, {{1, kMissing, 2, 3}, {0, 1, 0, 1}});
  const Cohort made = people(schema, {{kMissing, kMissing, kMissing, 1}, {0, 0, 1, 1}});
  const auto findings = evaluate_missingness({real, real, made}, {});
  EXPECT_DOUBLE_EQ(finding(findings, "missing_mean").value, 0.25);
  EXPECT_DOUBLE_EQ(finding(findings, "missing_worst").value, 0.5);
  EXPECT_DOUBLE_EQ(finding(findings, "MissingValueSimilarity", "x").value, 0.5);
  EXPECT_DOUBLE_EQ(finding(findings, "MissingValueSimilarity", "colour").value, 1);
}

TEST(Missingness, TotalMismatch) {
  EXPECT_EQ(finding(compare(evaluate_missingness, kNumber, {1, 2}, {kMissing}), "missing_worst").value, 1);
}

TEST(Estimates, ShareIntervals) {
  // Ten people with one row each, three hits: Wilson's interval for 3 of 10 is [0.1078, 0.6032].
  const std::vector<std::uint8_t> hits = {1, 1, 1, 0, 0, 0, 0, 0, 0, 0};
  const std::vector<std::int32_t> own = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
  const Estimate single = share_estimate(hits, own, 10);
  EXPECT_DOUBLE_EQ(single.value, 0.3);
  // The effective number of rows is 10 * 9 / 10 (a variance with m - 1): slightly wider than Wilson's.
  EXPECT_NEAR(single.low, 0.1078, 0.01);
  EXPECT_NEAR(single.high, 0.6032, 0.02);
  // The same rows from two people, one with all hits: far less is known.
  const std::vector<std::int32_t> two = {0, 0, 0, 1, 1, 1, 1, 1, 1, 1};
  EXPECT_GT(share_estimate(hits, two, 2).high, 0.8);
  EXPECT_TRUE(std::isnan(share_estimate(hits, std::vector<std::int32_t>(10, 0), 1).low));
}

TEST(Estimates, NoHitsStillLeaveRoom) {
  const Estimate none = share_estimate(std::vector<std::uint8_t>(20, 0), std::vector<std::int32_t>(20, 0), 1);
  EXPECT_EQ(none.value, 0);
  EXPECT_TRUE(std::isnan(none.high));
  std::vector<std::int32_t> own(20);
  for (int i = 0; i < 20; ++i) own[static_cast<std::size_t>(i)] = i;
  EXPECT_NEAR(share_estimate(std::vector<std::uint8_t>(20, 0), own, 20).high, 0.1611, 1e-4);  // Wilson, 0 of 20
}

}  // namespace
}  // namespace understudy
