#include "metrics/sequence_length.h"

#include <gtest/gtest.h>

#include "metrics/test_series.h"

namespace understudy {
namespace {

const Schema kSchema = timed_schema({number_column("x")});

Cohort at(const std::vector<std::int64_t>& rows, const std::vector<double>& times) {
  return people_at(kSchema, rows, times, {}, {std::vector<double>(times.size(), 1)});
}

TEST(SequenceLength, HandComputed) {
  // Rows 1, 3 against 2, 3, 4: the distribution functions are 1/2, 1/2, 1, 1 and 0, 1/3, 2/3, 1 after 1, 2, 3, 4.
  const Cohort made = at({1, 3}, {5, 0, 1, 4});                    // spans 0, 4; gaps 1, 3
  const Cohort real = at({2, 3, 4}, {0, 1, 0, 1, 2, 0, 1, 2, 3});  // spans 1, 2, 3; gaps all 1
  const auto findings = evaluate_sequence_length({real, real, made}, {});
  EXPECT_DOUBLE_EQ(finding(findings, "rows_per_person_ks").value, 0.5);
  EXPECT_DOUBLE_EQ(finding(findings, "SequenceLengthSimilarity").value, 0.5);
  EXPECT_DOUBLE_EQ(finding(findings, "time_span_ks").value, 0.5);
  EXPECT_DOUBLE_EQ(finding(findings, "row_gap_ks").value, 0.5);
  EXPECT_EQ(finding(findings, "row_gap_ks").reference, 0);
}

TEST(SequenceLength, PeopleWithoutRowsCountAndMissingTimesAreSteppedOver) {
  const Cohort real = at({2, 2}, {0, 2, 1, 3});
  const Cohort made = at({0, 3}, {0, kMissing, 2});
  const auto findings = evaluate_sequence_length({real, real, made}, {});
  EXPECT_DOUBLE_EQ(finding(findings, "rows_per_person_ks").value, 0.5);
  EXPECT_EQ(finding(findings, "time_span_ks").value, 0);
  EXPECT_EQ(finding(findings, "row_gap_ks").value, 0);
}

TEST(SequenceLength, WithoutTimesThereAreRowsOnly) {
  Schema schema = person_schema({number_column("x")});
  schema.repeated = true;
  const Cohort cohort = people_in_time(schema, {2, 1}, {}, {{1, 2, 3}});
  const auto findings = evaluate_sequence_length({cohort, cohort, cohort}, {});
  EXPECT_EQ(finding(findings, "rows_per_person_ks").value, 0);
  EXPECT_TRUE(std::isnan(finding(findings, "time_span_ks").value));
  EXPECT_EQ(finding(findings, "row_gap_ks").meaning, "Not measured: the schema has no time column.");
}

// 300 people: a KS distance of 0.25 has probability below 2 exp(-2 * 150 * 0.25^2) = 2e-8 (Massart). Gaps of one person
// are independent here, so the bound holds for them with room.
TEST(SequenceLength, FloorAndRegularTimes) {
  const Cohort train = ward_people(300, 1);
  const Cohort holdout = ward_people(300, 2);
  Cohort regular = ward_people(300, 3);
  const auto good = evaluate_sequence_length({train, holdout, regular}, {});
  for (const char* name : {"rows_per_person_ks", "time_span_ks", "row_gap_ks"}) {
    EXPECT_LT(finding(good, name).value, 0.25);
    EXPECT_LT(finding(good, name).reference, 0.25);
  }
  for (std::int64_t row = 0; row < regular.times.size(); ++row) {
    regular.times.set_number(row, static_cast<double>(row));
  }
  EXPECT_GT(finding(evaluate_sequence_length({train, holdout, regular}, {}), "row_gap_ks").low, 0.5);
}

}  // namespace
}  // namespace understudy
