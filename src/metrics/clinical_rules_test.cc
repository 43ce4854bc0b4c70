#include "metrics/clinical_rules.h"

#include <gtest/gtest.h>

#include "metrics/test_series.h"

namespace understudy {
namespace {

using Names = std::vector<std::string>;

// The share of the rule over these columns.
Finding rule_over(const std::vector<Finding>& findings, const Names& columns) {
  for (const Finding& f : findings) {
    if (f.name == "broken_clinical_rule" && f.columns == columns) return f;
  }
  throw std::runtime_error(fmt::format("no rule over {}", fmt::join(columns, ", ")));
}

std::vector<Finding> evaluate(const Cohort& real, const Cohort& made) {
  return evaluate_clinical_rules({real, real, made}, {});
}

TEST(ClinicalRules, PressuresByHandWithTheRealShareBeside) {
  Schema schema = person_schema({number_column("SysBP"), number_column("DiasBP"), number_column("m")});
  schema.columns[2].catalogue = "mean_arterial_pressure";
  // Row 0: fine. Row 1: diastolic above mean. Row 2: all wrong. Row 3: mean missing. Row 4: half a unit of rounding.
  const Cohort made = people(schema, {{120, 120, 60, 120, 80}, {80, 95, 90, 80, 80.4}, {90, 90, 70, kMissing, 80}});
  const Cohort real = people(schema, {{120, 100}, {80, 110}, {95, 105}});
  const auto findings = evaluate(real, made);
  EXPECT_DOUBLE_EQ(rule_over(findings, {"DiasBP", "m"}).value, 2.0 / 4);
  EXPECT_DOUBLE_EQ(rule_over(findings, {"m", "SysBP"}).value, 1.0 / 4);
  EXPECT_DOUBLE_EQ(rule_over(findings, {"DiasBP", "SysBP"}).value, 1.0 / 5);
  EXPECT_DOUBLE_EQ(rule_over(findings, {"DiasBP", "m"}).reference, 0.5);
  EXPECT_DOUBLE_EQ(finding(findings, "clinical_rule_violations").value, 4);
  EXPECT_DOUBLE_EQ(finding(findings, "clinical_rule_violations_share").value, 4.0 / 13);
  EXPECT_DOUBLE_EQ(finding(findings, "clinical_rule_violations_share").reference, 0.5);
  EXPECT_DOUBLE_EQ(finding(findings, "clinical_rule_violations").reference, 6.5);
}

TEST(ClinicalRules, InvasiveAndNonInvasivePressuresAreApart) {
  const Schema schema = person_schema({number_column("NIDiasABP"), number_column("SysABP"), number_column("DiasABP"),
                                       number_column("NISysABP")});
  const Cohort made = people(schema, {{90}, {80}, {70}, {100}});  // the cuff's 90 is above the line's 80: no rule
  const auto findings = evaluate(made, made);
  EXPECT_EQ(findings.size(), 4u);
  EXPECT_EQ(rule_over(findings, {"DiasABP", "SysABP"}).value, 0);
  EXPECT_EQ(rule_over(findings, {"NIDiasABP", "NISysABP"}).value, 0);
}

TEST(ClinicalRules, TwoColumnsForOnePlaceAreNotGuessed) {
  const Schema schema =
      person_schema({number_column("sysbp"), number_column("systolic_bp"), number_column("diastolic_bp")});
  const Cohort made = people(schema, {{90}, {80}, {100}});
  EXPECT_TRUE(evaluate(made, made).empty());
}

TEST(ClinicalRules, BilirubinSleepWhiteCellsAndBmi) {
  const Schema schema = person_schema(
      {number_column("direct_bilirubin"), number_column("total_bilirubin"), number_column("minutes_asleep"),
       number_column("time_in_bed"), number_column("neutrophils_percent"), number_column("lymphocytes_percent"),
       number_column("band_neutrophils"), number_column("bmi"), number_column("height_cm"),
       number_column("weight_kg")});
  // First person: fine. Second: all broken. Third: one share alone is no check, and the height is missing.
  const Cohort made = people(schema, {{0.3, 2, 1}, {1, 1, 1}, {400, 500, 400}, {420, 480, 420}, {60, 80, 120},
                                      {30, 20, kMissing}, {5, 2, kMissing}, {25, 25, 25}, {200, 170, kMissing},
                                      {102, 60, 70}});
  const auto findings = evaluate(made, made);
  EXPECT_DOUBLE_EQ(rule_over(findings, {"direct_bilirubin", "total_bilirubin"}).value, 1.0 / 3);
  EXPECT_DOUBLE_EQ(rule_over(findings, {"minutes_asleep", "time_in_bed"}).value, 1.0 / 3);
  EXPECT_DOUBLE_EQ(rule_over(findings, {"neutrophils_percent", "lymphocytes_percent", "band_neutrophils"}).value, 0.5);
  EXPECT_DOUBLE_EQ(rule_over(findings, {"bmi", "height_cm", "weight_kg"}).value, 0.5);
}

TEST(ClinicalRules, StaticColumnsAreCheckedOncePerPersonAndRepeatedBesideSeries) {
  const Schema schema =
      timed_schema({static_column(number_column("bmi")), static_column(number_column("height_cm")),
                    static_column(number_column("weight_kg")), static_column(number_column("time_in_bed")),
                    number_column("minutes_asleep")});
  const Cohort made = people_at(schema, {1, 3}, {0, 0, 1, 2}, {{25, 50}, {200, 200}, {100, 100}, {300, 400}},
                                {{310, 390, 410, 400}});
  const auto findings = evaluate(made, made);
  EXPECT_DOUBLE_EQ(rule_over(findings, {"bmi", "height_cm", "weight_kg"}).value, 0.5);
  EXPECT_DOUBLE_EQ(rule_over(findings, {"minutes_asleep", "time_in_bed"}).value, 0.5);
}

TEST(ClinicalRules, NothingIsMeasuredAfterTheStay) {
  const Schema schema =
      timed_schema({static_column(number_column("length_of_stay_hours")), number_column("lactate")});
  // Stays of 5 hours, unknown (-1), and 2. Hour 6 may begin in hour 5; the row at hour 9 is empty.
  const Cohort made = people_at(schema, {4, 1, 2}, {0, 6, 8, 9, 90, 1, 4}, {{5, -1, 2}},
                                {{1, 1, 1, kMissing, 1, 1, 1}});
  EXPECT_DOUBLE_EQ(rule_over(evaluate(made, made), {"length_of_stay_hours"}).value, 2.0 / 5);
}

TEST(ClinicalRules, NothingIsMeasuredAfterDeath) {
  constexpr double kHour = 3.6e9;
  const Schema schema = timed_schema(
      {static_column(number_column("time_of_death", ColumnType::datetime)),
       static_column(number_column("DOD", ColumnType::date)), static_column(number_column("los_days")),
       number_column("lactate")},
      ColumnType::datetime);
  // Death in hour 30 of the second day of 1970 (day 1), which ends at hour 48; a stay of one day from the first row.
  const Cohort made = people_at(schema, {4, 1}, {10 * kHour, 20 * kHour, 40 * kHour, 50 * kHour, 7 * kHour},
                                {{30 * kHour, kMissing}, {1, kMissing}, {1, 1}}, {{1, 1, 1, 1, 1}});
  const auto findings = evaluate(made, made);
  EXPECT_DOUBLE_EQ(rule_over(findings, {"time_of_death"}).value, 2.0 / 4);
  EXPECT_DOUBLE_EQ(rule_over(findings, {"DOD"}).value, 1.0 / 4);
  EXPECT_DOUBLE_EQ(rule_over(findings, {"los_days"}).value, 2.0 / 5);
}

TEST(ClinicalRules, AgeRisesWithTimeOnly) {
  const Schema schema = timed_schema({number_column("age")}, ColumnType::date);
  // 30 and 33 within three years and a day: fine. 30 and 40 within a year: broken. One value: no check.
  const Cohort made = people_at(schema, {2, 2, 1}, {0, 1096, 0, 365, 0}, {}, {{30, 33, 30, 40, 20}});
  EXPECT_DOUBLE_EQ(rule_over(evaluate(made, made), {"age"}).value, 0.5);
}

TEST(ClinicalRules, TimesOfUnknownUnitsAreNotGuessed) {
  Schema schema = timed_schema({static_column(number_column("length_of_stay_hours")), number_column("lactate")});
  schema.time = "t";
  const Cohort made = people_at(schema, {1}, {90}, {{5}}, {{1}});
  EXPECT_TRUE(evaluate(made, made).empty());
}

TEST(ClinicalRules, CohortsWithoutRowsGetTheSameRules) {
  const Schema schema =
      timed_schema({static_column(number_column("length_of_stay_hours")), number_column("age")});
  const Cohort some = people_at(schema, {2}, {0, 1}, {{5}}, {{30, 30}});
  const Cohort none = people_at(schema, {0, 0}, {}, {{5, 6}}, {{}});
  EXPECT_TRUE(std::isnan(rule_over(evaluate(some, none), {"age"}).value));
  EXPECT_TRUE(std::isnan(rule_over(evaluate(none, some), {"age"}).reference));
  EXPECT_EQ(rule_over(evaluate(none, some), {"length_of_stay_hours"}).value, 0);
}

}  // namespace
}  // namespace understudy
