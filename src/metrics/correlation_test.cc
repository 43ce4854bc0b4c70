#include "metrics/correlation.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "metrics/association.h"
#include "metrics/test_cohorts.h"

namespace understudy {
namespace {

const Schema kTwo = person_schema({number_column("a"), number_column("b")});

double difference(const Cohort& real, const Cohort& made, const std::string& measure) {
  return finding(evaluate_correlation({real, real, made}, {}), "correlation_difference_" + measure).value;
}

PreparedColumn numbers(std::vector<double> values) { return PreparedColumn(std::move(values), number_column("x")); }

PreparedColumn codes(std::vector<double> values, std::size_t levels) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < levels; ++i) names.push_back(std::to_string(i));
  return PreparedColumn(std::move(values), category_column("x", names));
}

TEST(Correlation, HandComputedPearsonAndSpearman) {
  // a = 1, 2, 3; b = 1, 2, 9: Pearson (2 * 8 / 2) / sqrt(2 * 38) = 8 / sqrt(76), Spearman 1; reversed b: both negative.
  const Cohort real = people(kTwo, {{1, 2, 3}, {1, 2, 9}});
  const Cohort made = people(kTwo, {{1, 2, 3}, {9, 2, 1}});
  EXPECT_NEAR(difference(real, made, "pearson"), 16 / std::sqrt(76.0), 1e-12);
  EXPECT_NEAR(difference(real, made, "spearman"), 2, 1e-12);
  EXPECT_EQ(difference(real, real, "pearson"), 0);
}

TEST(Correlation, HandComputedCramersV) {
  // 2 x 2 table 3 1 / 1 3: chi squared = 8 (9 - 1)^2 / 4^4 = 2, V = sqrt(2 / 8) = 1/2.
  const std::vector<double> weights(8, 1.0);
  const auto a = codes({0, 0, 0, 0, 1, 1, 1, 1}, 2);
  const auto b = codes({0, 0, 0, 1, 0, 1, 1, 1}, 2);
  EXPECT_NEAR(weighted_cramers_v(a, b, weights), 0.5, 1e-12);
  EXPECT_NEAR(weighted_cramers_v(a, a, weights), 1, 1e-12);
  EXPECT_TRUE(std::isnan(weighted_cramers_v(a, codes({1, 1, 1, 1, 1, 1, 1, 1}, 2), weights)));
}

TEST(Correlation, HandComputedEta) {
  // Groups {1, 3} and {5, 7}: between 2 * 4 + 2 * 4 = 16, total 9 + 1 + 1 + 9 = 20.
  const std::vector<double> weights(4, 1.0);
  EXPECT_NEAR(weighted_eta(codes({0, 0, 1, 1}, 2), numbers({1, 3, 5, 7}), weights), std::sqrt(0.8), 1e-12);
  EXPECT_TRUE(std::isnan(weighted_eta(codes({0, 0, 1, 1}, 2), numbers({2, 2, 2, 2}), weights)));
  EXPECT_TRUE(std::isnan(weighted_eta(codes({0, 0, 0, 0}, 2), numbers({1, 3, 5, 7}), weights)));
}

TEST(Correlation, TotalMismatchOfMixedAndCategoricalPairs) {
  const Schema schema =
      person_schema({category_column("c", {"x", "y"}), category_column("d", {"x", "y"}), number_column("n")});
  const Cohort real = people(schema, {{0, 0, 1, 1}, {0, 0, 1, 1}, {1, 1, 2, 2}});
  const Cohort made = people(schema, {{0, 0, 1, 1}, {0, 1, 0, 1}, {1, 1, 1, 1}});
  EXPECT_NEAR(difference(real, made, "cramers_v"), 1, 1e-12);
  EXPECT_NEAR(difference(real, made, "eta"), 1, 1e-12);  // a constant synthetic column counts as no association
}

TEST(Correlation, ConstantColumns) {
  const Cohort real = people(kTwo, {{1, 2, 3, 4}, {1, 2, 3, 4}});
  const Cohort flat = people(kTwo, {{1, 2, 3, 4}, {7.1, 7.1, 7.1, 7.1}});
  EXPECT_NEAR(difference(real, flat, "pearson"), 1, 1e-12);
  EXPECT_TRUE(std::isnan(difference(flat, flat, "pearson")));
  EXPECT_EQ(association_difference(0.25, -0.25), 0.5);
  EXPECT_EQ(association_difference(0.25, kMissing), 0.25);
}

TEST(Correlation, PairwiseCompleteRows) {
  // The last row lacks b: Pearson over the first three rows is 1; Spearman ranks those rows alone.
  const Cohort real = people(kTwo, {{1, 2, 3, -100}, {1, 2, 3, kMissing}});
  const Cohort made = people(kTwo, {{1, 2, 3}, {1, 2, 3}});
  EXPECT_NEAR(difference(real, made, "pearson"), 0, 1e-9);
  EXPECT_NEAR(difference(real, made, "spearman"), 0, 1e-12);
}

TEST(Correlation, LargeValuesAreNoTrouble) {
  const double day = 86400e6;
  const Cohort real = people(kTwo, {{1e15, 1e15 + day, 1e15 + 2 * day}, {1, 2, 3}});
  const Cohort made = people(kTwo, {{1, 2, 3}, {1, 2, 3}});
  EXPECT_NEAR(difference(real, made, "pearson"), 0, 1e-9);
}

TEST(Correlation, RanksOfTiesAreShared) {
  const auto ranks = weighted_ranks(numbers({5, 1, 5, 9}), std::vector<double>(4, 1.0));
  // Mid-ranks 2.5, 1, 2.5, 4 of 4, as (rank - 1/2) / 4 - 1/2.
  EXPECT_DOUBLE_EQ(ranks[0], 0);
  EXPECT_DOUBLE_EQ(ranks[1], -0.375);
  EXPECT_DOUBLE_EQ(ranks[2], 0);
  EXPECT_DOUBLE_EQ(ranks[3], 0.375);
}

// The plain definition on repeated rows, against the weighted passes.
TEST(Correlation, WeightsAreRepetitions) {
  Rng rng(3);
  for (int round = 0; round < 30; ++round) {
    std::vector<double> x, y, weights, xs, ys;
    for (int i = 0; i < 21; ++i) {
      x.push_back(static_cast<double>(rng.below(8)));
      y.push_back(x.back() + 3 * rng.normal());
      weights.push_back(static_cast<double>(rng.below(3)));
      xs.insert(xs.end(), static_cast<std::size_t>(weights.back()), x.back());
      ys.insert(ys.end(), static_cast<std::size_t>(weights.back()), y.back());
    }
    const auto mean = [](const std::vector<double>& v) {
      return std::accumulate(v.begin(), v.end(), 0.0) / static_cast<double>(v.size());
    };
    double xy = 0, xx = 0, yy = 0;
    for (std::size_t i = 0; i < xs.size(); ++i) {
      xy += (xs[i] - mean(xs)) * (ys[i] - mean(ys));
      xx += (xs[i] - mean(xs)) * (xs[i] - mean(xs));
      yy += (ys[i] - mean(ys)) * (ys[i] - mean(ys));
    }
    EXPECT_NEAR(weighted_pearson(numbers(x).values, numbers(y).values, weights), xy / std::sqrt(xx * yy), 1e-9);
    const auto rank = [](const std::vector<double>& v, double value) {
      const auto less = std::count_if(v.begin(), v.end(), [&](double o) { return o < value; });
      const auto same = std::count(v.begin(), v.end(), value);
      return (static_cast<double>(less) + static_cast<double>(same) / 2) / static_cast<double>(v.size()) - 0.5;
    };
    const auto ranks = weighted_ranks(numbers(x), weights);
    for (std::size_t i = 0; i < x.size(); ++i) {
      if (weights[i] == 0) continue;
      EXPECT_NEAR(ranks[i], rank(xs, x[i]), 1e-12);
    }
  }
}

TEST(Correlation, StaticPairsAreMeasuredOverPeople) {
  Schema schema = person_schema({number_column("s"), number_column("t"), number_column("x")});
  schema.repeated = true;
  schema.columns[0].is_static = schema.columns[1].is_static = true;
  // Over people s and t correlate by 1/2; person 0 with its 5 rows would hide that.
  const Cohort cohort = people_in_time(schema, {5, 1, 1}, {{1, 2, 3}, {1, 3, 2}}, {{1, 2, 3, 4, 5, 6, 7}});
  const CohortView view(cohort);
  const auto columns = measured_columns(schema);
  const std::vector<Pair> pairs = {{0, 1, Measure::pearson}, {0, 2, Measure::pearson}};
  const std::vector<std::uint8_t> once(3, 1);
  const auto found = Associations(view, columns).evaluate(pairs, once, true);
  EXPECT_NEAR(found[0], 0.5, 1e-12);
  // s repeated over rows, 1 1 1 1 1 2 3, against 1 ... 7.
  const double s[] = {1, 1, 1, 1, 1, 2, 3};
  double xy = 0, ss = 0;
  for (int i = 0; i < 7; ++i) {
    xy += (s[i] - 10.0 / 7) * (i - 3.0);
    ss += (s[i] - 10.0 / 7) * (s[i] - 10.0 / 7);
  }
  EXPECT_NEAR(found[1], xy / std::sqrt(ss * 28), 1e-12);
}

TEST(Correlation, OrderAndThreadsDoNotMatter) {
  const Schema schema = person_schema({number_column("a"), number_column("b"), category_column("c", {"x", "y", "z"})});
  const Cohort real = normal_people(schema, 80, 0.6, 1);
  const Cohort made = normal_people(schema, 70, 0.2, 2);
  Context two;
  two.threads = 2;
  const auto first = evaluate_correlation({real, real, made}, {});
  const auto second = evaluate_correlation({real, real, reversed(made)}, two);
  for (std::size_t i = 0; i < first.size(); ++i) {
    if (std::isnan(first[i].value)) continue;
    EXPECT_NEAR(first[i].value, second[i].value, 1e-12);
    EXPECT_NEAR(first[i].low, second[i].low, 1e-12);
  }
}

// True correlations 0.6 and 0.2, 2,000 people: the standard error of the difference is below 0.03, so that leaving
// 0.4 -+ 0.15 has probability below 1e-6.
TEST(Correlation, FindsAKnownDifference) {
  const Cohort real = normal_people(kTwo, 2000, 0.6, 1);
  const Cohort other = normal_people(kTwo, 2000, 0.6, 2);
  const Cohort made = normal_people(kTwo, 2000, 0.2, 3);
  const auto findings = evaluate_correlation({other, real, made}, {});
  const Finding& pearson = finding(findings, "correlation_difference_pearson");
  EXPECT_NEAR(pearson.value, 0.4, 0.15);
  EXPECT_LT(pearson.reference, 0.15);
  EXPECT_GT(pearson.low, pearson.reference);
  EXPECT_LT(pearson.low, pearson.value);
}

}  // namespace
}  // namespace understudy
