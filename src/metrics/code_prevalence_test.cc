#include "metrics/code_prevalence.h"

#include <gtest/gtest.h>

#include "metrics/code_shares.h"
#include "metrics/test_codes.h"

namespace understudy {
namespace {

std::vector<Finding> evaluate(const Cohort& real, const Cohort& made) {
  return evaluate_code_prevalence({real, real, made}, {});
}

TEST(CodePrevalence, HandComputed) {
  const Cohort real = coded_people({{0, 1}, {0}, {}, {2}});            // shares 1/2, 1/4, 1/4, 0
  const Cohort made = coded_people({{0}, {0, 1}, {0, 1}, {3}});        // 3/4, 1/2, 0, 1/4
  const auto findings = evaluate(real, made);
  EXPECT_DOUBLE_EQ(finding(findings, "code_prevalence_r2").value, 1 - 0.25 / 0.125);
  EXPECT_DOUBLE_EQ(finding(findings, "code_prevalence_difference_mean").value, 0.25);
  EXPECT_DOUBLE_EQ(finding(findings, "code_prevalence_difference_worst").value, 0.25);
  EXPECT_DOUBLE_EQ(finding(findings, "codes_per_cell_ks").value, 0.25);  // sizes 0, 1, 1, 2 against 1, 1, 2, 2
  EXPECT_EQ(finding(findings, "code_prevalence_r2").reference, 1);
  EXPECT_EQ(finding(findings, "code_prevalence_difference_worst").reference, 0);
}

TEST(CodePrevalence, ReferenceIsTrainAgainstHoldout) {
  const Cohort train = coded_people({{0}, {}});
  const Cohort holdout = coded_people({{0}, {0}, {1}, {}});
  const auto findings = evaluate_code_prevalence({train, holdout, holdout}, {});
  EXPECT_EQ(finding(findings, "code_prevalence_difference_worst").value, 0);
  EXPECT_DOUBLE_EQ(finding(findings, "code_prevalence_difference_worst").reference, 0.25);  // of code 1
  EXPECT_DOUBLE_EQ(finding(findings, "code_prevalence_r2").reference, 1 - 0.0625 / (2 * 0.125 * 0.125));
}

TEST(CodePrevalence, RowsOfSeriesCountAndUndeclaredCodesDoNot) {
  const Cohort real = coded_visits({3, 1}, {{0}, {}, {0}, {1}});
  const Cohort made = coded_visits({2, 0}, {{0, 9}, {1}});
  const auto findings = evaluate(real, made);
  EXPECT_DOUBLE_EQ(finding(findings, "code_prevalence_difference_worst").value, 0.25);
  EXPECT_DOUBLE_EQ(finding(findings, "codes_per_cell_ks").value, 0.25);
}

TEST(CodePrevalence, WhereNobodyHasACodeItSaysSo) {
  const Cohort nobody = coded_people({{}, {}});
  const auto findings = evaluate(nobody, nobody);
  EXPECT_EQ(finding(findings, "code_prevalence_difference_mean").meaning, "Not measured: nobody has a code.");
  EXPECT_TRUE(std::isnan(finding(findings, "code_prevalence_r2").value));
  EXPECT_EQ(finding(findings, "codes_per_cell_ks").value, 0);
  const auto one_sided = evaluate(coded_people({{0}, {0, 1}}), nobody);
  EXPECT_EQ(finding(one_sided, "code_prevalence_difference_worst").value, 1);
}

TEST(CodePrevalence, OfManyCodesTheMostFrequentAreKept) {
  std::vector<double> shares(kMostCompared + 10, 0.5);
  shares[3] = 0;
  shares[5] = 0.1;
  shares.back() = 0.7;
  const Kept kept = keep_most_frequent(shares);
  EXPECT_EQ(kept.count, kMostCompared);
  EXPECT_EQ(kept.places[2], 2);
  EXPECT_EQ(kept.places[3], -1);
  EXPECT_EQ(kept.places[4], 3);
  EXPECT_EQ(kept.places[5], -1);
  EXPECT_EQ(kept.places[kMostCompared], kMostCompared - 2);      // 1,999 keys of share 0.5, the first ones
  EXPECT_EQ(kept.places[kMostCompared + 1], -1);
  EXPECT_EQ(kept.places.back(), kMostCompared - 1);
}

}  // namespace
}  // namespace understudy
