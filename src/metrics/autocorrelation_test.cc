#include "metrics/autocorrelation.h"

#include <gtest/gtest.h>

#include "metrics/ks.h"
#include "metrics/test_series.h"

namespace understudy {
namespace {

const Schema kSchema = timed_schema({number_column("x")});

Cohort one_series(const std::vector<std::int64_t>& rows, const std::vector<double>& x) {
  return people_in_time(kSchema, rows, {}, {x});
}

double difference(const Cohort& real, const Cohort& made) {
  return finding(evaluate_autocorrelation({real, real, made}, {}), "autocorrelation_difference_mean").value;
}

TEST(Autocorrelation, HandComputed) {
  // Deviations -1.5, -0.5, 0.5, 1.5: the pairs at lag 1 lie on a rising line (1); those of 1, -1, 1, -1 on a falling
  // one (-1). Lag 2 has two pairs, which is too few.
  EXPECT_DOUBLE_EQ(difference(one_series({4}, {1, 2, 3, 4}), one_series({4}, {1, -1, 1, -1})), 2);
  // 0, 0, 1, 1 around 0.5: (-, -), (-, +), (+, +) of 0.5 at lag 1. n sum xy - sum x sum y = 3 * 0.25 + 0.25 = 1, n sum
  // xx - (sum x)^2 = 3 * 0.75 - 0.25 = 2: a correlation of 1/2.
  EXPECT_DOUBLE_EQ(difference(one_series({4}, {1, 2, 3, 4}), one_series({4}, {0, 0, 1, 1})), 0.5);
}

TEST(Autocorrelation, MissingValuesAreSteppedOverAndOwnMeansTakenOff) {
  const Cohort full = one_series({4, 4}, {1, 2, 3, 4, 7, 5, 7, 5});
  const Cohort holes = one_series({6, 5}, {1, kMissing, 2, 3, kMissing, 4, 107, 105, kMissing, 107, 105});
  EXPECT_NEAR(difference(full, holes), 0, 1e-12);
}

TEST(Autocorrelation, PeopleWhoNeverChangeHaveNone) {
  const Cohort flat = one_series({3, 3}, {0.1, 0.1, 0.1, 0.7, 0.7, 0.7});
  EXPECT_TRUE(std::isnan(difference(flat, flat)));
  EXPECT_DOUBLE_EQ(difference(flat, one_series({4}, {1, 2, 3, 4})), 1);  // undefined on one side counts as 0
}

TEST(Autocorrelation, NoSeriesNoFinding) {
  const Cohort people_only = people(person_schema({number_column("x")}), {{1, 2}});
  EXPECT_TRUE(evaluate_autocorrelation({people_only, people_only, people_only}, {}).empty());
}

// Over 60 other seeds: the mean difference is 0.032 with standard deviation 0.013, the lower end for the shuffled rows
// 0.227 with 0.027. Bounds are more than five standard deviations away: false alarm below 1e-6.
TEST(Autocorrelation, ShuffledRowsAreSeenWhereKsSeesNothing) {
  const Cohort train = ward_people(200, 1);
  const Cohort holdout = ward_people(200, 2);
  const auto good = evaluate_autocorrelation({train, holdout, ward_people(200, 3)}, {});
  const Cohort shuffled = shuffled_within_people(holdout, 4);
  const auto bad = evaluate_autocorrelation({train, holdout, shuffled}, {});
  EXPECT_LT(finding(good, "autocorrelation_difference_mean").value, 0.15);
  EXPECT_LT(finding(good, "autocorrelation_difference_mean").reference, 0.15);
  EXPECT_GT(finding(bad, "autocorrelation_difference", "lactate").low, 0.08);
  EXPECT_EQ(finding(evaluate_ks({train, holdout, shuffled}, {}), "ks_mean").value, 0);
}

TEST(Autocorrelation, MemorisedPeopleAreCloserToTrainThanTheReference) {
  const Cohort train = ward_people(60, 1);
  const auto findings = evaluate_autocorrelation({train, ward_people(60, 2), train}, {});
  EXPECT_EQ(finding(findings, "autocorrelation_difference_mean_train").value, 0);
  EXPECT_GT(finding(findings, "autocorrelation_difference_mean_train").reference, 0);
}

}  // namespace
}  // namespace understudy
