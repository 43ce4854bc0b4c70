#include "metrics/profile.h"

#include <gtest/gtest.h>

#include <numeric>

#include "metrics/histogram.h"
#include "metrics/test_cohorts.h"

namespace understudy {
namespace {

double total(const nlohmann::ordered_json& shares) {
  double sum = 0;
  for (const auto& share : shares) sum += share.get<double>();
  return sum;
}

TEST(Histogram, IntegersGetWholeSteps) {
  const auto edges = histogram_edges({1, 2, 2, 3}, true, 40);
  EXPECT_EQ(edges, (std::vector<double>{0.5, 1.5, 2.5, 3.5}));
  EXPECT_EQ(histogram_shares(std::vector<double>{1, 2, 2, 3}, edges), (std::vector<double>{0.25, 0.5, 0.25}));
}

TEST(Histogram, OutsideCountsInTheOutermostParts) {
  const std::vector<double> edges = {0, 1, 2};
  EXPECT_EQ(histogram_shares(std::vector<double>{-50, 0.5, 1, kMissing, 99}, edges), (std::vector<double>{0.5, 0.5}));
}

TEST(Histogram, ConstantAndEmpty) {
  EXPECT_EQ(histogram_edges({4, 4}, false, 40).size(), 2U);
  EXPECT_EQ(histogram_edges({4e300, 4e300}, false, 40).size(), 2U);
  EXPECT_TRUE(histogram_edges({kMissing}, false, 40).empty());
  EXPECT_TRUE(histogram_shares(std::vector<double>{kMissing}, std::vector<double>{0, 1}).empty());
}

TEST(Histogram, TheCentreDecidesTheParts) {
  std::vector<double> values;
  for (int i = 0; i <= 1000; ++i) values.push_back(i);
  values.push_back(1e9);
  const auto edges = histogram_edges(values, false, 40);
  EXPECT_EQ(edges.size(), 41U);
  EXPECT_LE(edges.back(), 1000);
}

TEST(Labels, RareOnesShareTheLast) {
  const ColumnSpec spec = category_column("c", {"a", "b", "c", "d"});
  const std::vector<double> real = {3, 3, 1, 1, 1, 0};
  const std::vector<double> made = {2, 3, 9};
  const Labels labels = choose_labels(spec, real, made, 2);
  EXPECT_EQ(labels.names, (std::vector<std::string>{"b", "d", "(all others)"}));
  const auto shares = label_shares(made, labels);
  EXPECT_DOUBLE_EQ(shares[0], 0);
  EXPECT_DOUBLE_EQ(shares[1], 1.0 / 3);
  EXPECT_DOUBLE_EQ(shares[2], 2.0 / 3);
}

TEST(Profile, ChartsOfAMixedTable) {
  const std::string hostile = "</script><b>\"'\n";
  const Schema schema = person_schema({number_column(hostile), category_column("c", {"x", "y", "z"})});
  const Cohort real = normal_people(schema, 300, 0.5, 1);
  const Cohort made = normal_people(schema, 200, 0.1, 2);
  const auto charts = profile_charts({real, real, made}, {});
  const auto& number = charts["distributions"][0];
  EXPECT_EQ(number["column"], hostile);
  EXPECT_EQ(number["kind"], "numeric");
  EXPECT_EQ(number["edges"].size(), number["train"].size() + 1);
  for (const char* side : {"train", "holdout", "synthetic"}) EXPECT_NEAR(total(number[side]), 1, 1e-12);
  EXPECT_EQ(number["missing"]["synthetic"], 0);
  const auto& category = charts["distributions"][1];
  EXPECT_EQ(category["labels"], (std::vector<std::string>{"x", "y", "z"}));
  EXPECT_NEAR(total(category["synthetic"]), 1, 1e-12);
  const auto& correlations = charts["correlations"];
  EXPECT_NEAR(correlations["real"][0][0].get<double>(), 1, 1e-12);
  EXPECT_NEAR(correlations["real"][1][1].get<double>(), 1, 1e-12);
  EXPECT_EQ(correlations["real"][0][1], correlations["real"][1][0]);
  EXPECT_NEAR(correlations["difference"][0][1].get<double>(),
              correlations["synthetic"][0][1].get<double>() - correlations["real"][0][1].get<double>(), 1e-12);
}

TEST(Profile, FortyColumnsAtMost) {
  std::vector<ColumnSpec> columns;
  for (int i = 0; i < 43; ++i) columns.push_back(number_column(fmt::format("x{}", i)));
  const Cohort cohort = normal_people(person_schema(columns), 20, 0.5, 1);
  const auto charts = profile_charts({cohort, cohort, cohort}, {});
  EXPECT_EQ(charts["distributions"].size(), 43U);
  EXPECT_EQ(charts["correlations"]["columns"].size(), 40U);
  EXPECT_EQ(charts["correlations"]["left_out"], (std::vector<std::string>{"x40", "x41", "x42"}));
}

TEST(Profile, UndefinedIsNull) {
  const Schema schema = person_schema({number_column("a"), number_column("b")});
  const Cohort cohort = people(schema, {{1, 2, 3}, {5, 5, 5}});
  const Cohort none = people(schema, {{1, 2, 3}, {kMissing, kMissing, kMissing}});
  const auto charts = profile_charts({cohort, cohort, none}, {});
  EXPECT_TRUE(charts["correlations"]["real"][0][1].is_null());
  EXPECT_TRUE(charts["correlations"]["real"][1][1].is_null());
  EXPECT_TRUE(charts["distributions"][1]["synthetic"].is_null());
  EXPECT_EQ(charts["distributions"][1]["missing"]["synthetic"], 1);
}

}  // namespace
}  // namespace understudy
