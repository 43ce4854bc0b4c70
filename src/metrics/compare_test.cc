#include "metrics/compare.h"

#include <gtest/gtest.h>

#include <numeric>

#include "metrics/test_series.h"

namespace understudy {
namespace {

const Schema kSchema = person_schema({number_column("x")});

// The distance of two weighted numbers of people.
double count_distance(std::int64_t, Weights first, std::int64_t, Weights second) {
  const auto sum = [](Weights weights) { return std::accumulate(weights.begin(), weights.end(), 0.0); };
  return std::abs(sum(first) - sum(second));
}

TEST(Compare, SyntheticWithHoldoutFirstAndHoldoutWithTrainAsReference) {
  const Cohort train = people(kSchema, {{1, 2, 3, 4, 5, 6, 7}});
  const Cohort holdout = people(kSchema, {{1, 2, 3, 4}});
  const Cohort made = people(kSchema, {{1, 2}});
  const Evaluation evaluation{train, holdout, made};
  const auto describe = [](Role, std::size_t) { return std::int64_t{0}; };
  const auto compared = compare_items(evaluation, {}, {"people"}, describe, count_distance);
  ASSERT_EQ(compared.size(), 1u);
  EXPECT_EQ(compared[0].values[static_cast<std::size_t>(Against::holdout)], 2);
  EXPECT_EQ(compared[0].values[static_cast<std::size_t>(Against::train)], 5);
  EXPECT_EQ(compared[0].reference, 3);
  EXPECT_EQ(compared[0].replicates[0].size(), 40u);
}

TEST(Compare, FindingsOverColumnsAndByColumn) {
  ColumnComparison near;
  near.column = "near";
  near.values[0] = 0.1;
  near.reference = 0.2;
  ColumnComparison far = near;
  far.column = "far";
  far.values[0] = 0.3;
  ColumnComparison unknown;
  unknown.column = "unknown";
  const Wording wording = {"d", "How far from holdout people", "there is none", "it has no values"};
  const auto findings = distance_findings({near, far, unknown}, wording);
  EXPECT_DOUBLE_EQ(finding(findings, "d_mean").value, 0.2);
  EXPECT_DOUBLE_EQ(finding(findings, "d_worst").value, 0.3);
  EXPECT_DOUBLE_EQ(finding(findings, "d", "near").reference, 0.2);
  EXPECT_EQ(finding(findings, "d", "unknown").meaning, "Not measured: it has no values.");
  EXPECT_EQ(finding(distance_findings({unknown}, wording), "d_mean").meaning, "Not measured: there is none.");
  near.values[static_cast<std::size_t>(Against::train)] = 0.05;
  const Finding train = train_finding({near}, wording);
  EXPECT_EQ(train.name, "d_mean_train");
  EXPECT_DOUBLE_EQ(train.value, 0.05);
  EXPECT_NE(train.meaning.find("from training people"), std::string::npos);
}

// 60 people of 10,000 rows: 50 of them reach 500,000 rows.
TEST(Compare, LargeCohortsAreDrawnFromByWholePeople) {
  Schema schema = kSchema;
  schema.repeated = true;
  const std::vector<std::int64_t> rows(60, 10000);
  const Cohort large = people_in_time(schema, rows, {}, {});
  const Cohort small = people_in_time(schema, {3, 2}, {}, {{1, 2, 3, 4, 5}});
  const auto drawn = draw_people({large, small, small}, {});
  EXPECT_EQ(drawn[Role::train].size(), 50);
  EXPECT_EQ(drawn[Role::train].series.rows(), kMostDrawnRows);
  EXPECT_EQ(drawn[Role::holdout], small);
}

}  // namespace
}  // namespace understudy
