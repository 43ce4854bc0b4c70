#include "metrics/measurement_process.h"

#include <gtest/gtest.h>

#include "metrics/test_series.h"

namespace understudy {
namespace {

const Schema kSchema = timed_schema({static_column(number_column("risk")), number_column("x")});

std::vector<Finding> evaluate(const Cohort& real, const Cohort& made) {
  return evaluate_measurement_process({real, real, made}, {});
}

TEST(MeasurementProcess, SharesAndGapsByHand) {
  // Shares 1/2 and 1 against 1 and 1. Gaps of measured values: 2, and 1, 1 against four times 1.
  const Cohort made = people_at(kSchema, {4, 3}, {0, 1, 2, 3, 0, 1, 2}, {{1, 2}},
                                {{5, kMissing, 5, kMissing, 1, 2, 3}});
  const Cohort real = people_at(kSchema, {3, 3}, {0, 1, 2, 0, 1, 2}, {{1, 2}}, {{1, 2, 3, 1, 2, 3}});
  const auto findings = evaluate(real, made);
  EXPECT_DOUBLE_EQ(finding(findings, "measured_share_ks", "x").value, 0.5);
  EXPECT_DOUBLE_EQ(finding(findings, "measured_share_ks_mean").value, 0.5);
  EXPECT_DOUBLE_EQ(finding(findings, "gap_ks", "x").value, 1.0 / 3);
  EXPECT_DOUBLE_EQ(finding(findings, "gap_ks_worst").value, 1.0 / 3);
}

TEST(MeasurementProcess, InformativeMissingnessByHand) {
  // Last value and whether the next row is measured: (5, 1), (5, 1), (1, 0), (1, 1); correlation 0.25 / sqrt(3 / 16) =
  // 1 / sqrt(3). Where all is measured there is none, which counts as 0.
  const Cohort made = people_at(kSchema, {5}, {0, 1, 2, 3, 4}, {{1}}, {{5, 5, 1, kMissing, 5}});
  const Cohort real = people_at(kSchema, {5}, {0, 1, 2, 3, 4}, {{1}}, {{5, 5, 1, 3, 5}});
  EXPECT_NEAR(finding(evaluate(real, made), "informative_missingness_difference", "x").value, 1 / std::sqrt(3), 1e-12);
  EXPECT_TRUE(std::isnan(finding(evaluate(real, real), "informative_missingness_difference", "x").value));
}

TEST(MeasurementProcess, CountAssociationsByHand) {
  // Counts 1, 2, 3 go with the risk, correlation 1; equal counts with nothing.
  const std::vector<double> times = {0, 1, 2, 0, 1, 2, 0, 1, 2};
  const Cohort made = people_at(kSchema, {3, 3, 3}, times, {{10, 20, 30}},
                                {{1, kMissing, kMissing, 1, kMissing, 1, 1, 1, 1}});
  const Cohort real = people_at(kSchema, {3, 3, 3}, times, {{10, 20, 30}}, {{1, 1, 1, 1, 1, 1, 1, 1, 1}});
  EXPECT_NEAR(finding(evaluate(real, made), "measurement_count_association_difference", "x").value, 1, 1e-12);
}

TEST(MeasurementProcess, TargetOfTheSeriesCountsWithItsLastValue) {
  Schema schema = timed_schema({number_column("x"), category_column("died", {"no", "yes"})});
  schema.columns[1].is_target = true;
  const std::vector<double> times = {0, 1, 0, 1, 0, 1, 0, 1};
  const std::vector<double> died = {0, 0, 0, 0, 0, 1, 0, 1};
  const Cohort made =
      people_at(schema, {2, 2, 2, 2}, times, {}, {{1, kMissing, 1, kMissing, 1, 1, 1, 1}, died});
  const Cohort real = people_at(schema, {2, 2, 2, 2}, times, {}, {{1, 1, 1, 1, 1, 1, 1, 1}, died});
  EXPECT_NEAR(finding(evaluate(real, made), "measurement_count_association_difference", "x").value, 1, 1e-12);
}

TEST(MeasurementProcess, WithoutTimesGapsAreRows) {
  Schema schema = person_schema({number_column("x")});
  schema.repeated = true;
  const Cohort made = people_in_time(schema, {3}, {}, {{1, kMissing, 1}});
  const Cohort real = people_in_time(schema, {3}, {}, {{1, 1, 1}});
  EXPECT_EQ(finding(evaluate(real, made), "gap_ks", "x").value, 1);
}

// Over 60 other seeds: no mean distance between equal wards passes 0.064 on average, with standard deviation 0.019 at
// most; lactate's difference is 0.012 (half of a normal with standard deviation 0.015), its lower end with independent
// times 0.545 with 0.021. Bounds are more than five standard deviations away: false alarm below 1e-6.
TEST(MeasurementProcess, IndependentTimesLoseWhatMissingnessSays) {
  const Cohort train = ward_people(300, 1);
  const Cohort holdout = ward_people(300, 2);
  const auto good = evaluate_measurement_process({train, holdout, ward_people(300, 3)}, {});
  const auto bad = evaluate_measurement_process({train, holdout, ward_people(300, 3, {.informative = 0})}, {});
  for (const char* name : {"measured_share_ks_mean", "gap_ks_mean", "informative_missingness_difference_mean",
                           "measurement_count_association_difference_mean"}) {
    EXPECT_LT(finding(good, name).value, 0.25) << name;
    EXPECT_LT(finding(good, name).reference, 0.25) << name;
  }
  EXPECT_LT(finding(good, "informative_missingness_difference", "lactate").value, 0.15);
  EXPECT_GT(finding(bad, "informative_missingness_difference", "lactate").low, 0.3);
  EXPECT_LT(finding(bad, "informative_missingness_difference", "pulse").value, 0.15);
}

}  // namespace
}  // namespace understudy
