#include "metrics/discriminator.h"

#include <gtest/gtest.h>

#include "metrics/auc.h"
#include "metrics/test_cohorts.h"
#include "metrics/xgboost.h"
#include "understudy/error.h"

namespace understudy {
namespace {

const Schema kTwo = person_schema({number_column("a"), number_column("b")});

TEST(Auc, HandComputed) {
  // Positives 3, 5, 5; negatives 1, 5: (1 + 0) + (1 + 1/2) + (1 + 1/2) of 6 pairs are won.
  FoldScores fold{{3, 5, 5}, {1, 5}, {0, 1, 2}, {0, 1}};
  EXPECT_DOUBLE_EQ(cross_fitted_auc(std::vector{fold}).value, 4.0 / 6);
  const auto shares = shares_below(fold.positive, fold.negative);
  EXPECT_DOUBLE_EQ(shares[0], 0.5);
  EXPECT_DOUBLE_EQ(shares[1], 0.75);
}

TEST(Auc, IntervalIsDeLongsForSingleRows) {
  // DeLong: V10 = .5 .75 .75 (variance 1/48 over m - 1), V01 = 1, 1/3 (variance 2/9).
  FoldScores fold{{3, 5, 5}, {1, 5}, {0, 1, 2}, {0, 1}};
  const Estimate estimate = cross_fitted_auc(std::vector{fold});
  const double half = 1.96 * std::sqrt(1.0 / 48 / 3 + 2.0 / 9 / 2);
  EXPECT_NEAR(estimate.low, std::max(0.0, 4.0 / 6 - half), 1e-12);
}

TEST(Auc, FoldsWithoutBothClassesAreLeftOut) {
  FoldScores fold{{3}, {1}, {0}, {0}};
  FoldScores empty{{3}, {}, {0}, {}};
  EXPECT_EQ(cross_fitted_auc(std::vector{fold, empty}).value, 1);
  EXPECT_TRUE(std::isnan(cross_fitted_auc(std::vector{empty}).value));
}

TEST(Booster, LearnsASplitAndMissing) {
  // Missing goes with the large values.
  Features features{{1, 2, 3, 10, 11, 12, NAN, NAN}, 8, 1};
  const std::vector<float> labels = {0, 0, 0, 1, 1, 1, 1, 1};
  BoostOptions options;
  options.rounds = 60;
  const auto predicted = Booster::train(features, labels, options).predict(features);
  ASSERT_EQ(predicted.size(), 8U);
  EXPECT_LT(predicted[0], predicted[4]);
  EXPECT_LT(predicted[0], predicted[7]);
}

TEST(Booster, RefusalsAreErrorsWithXgboostsWords) {
  BoostOptions options;
  options.objective = "no such objective";
  Features features{{1, 2}, 2, 1};
  EXPECT_THROW(Booster::train(features, std::vector<float>{0, 1}, options), Error);
}

// 1,000 rows a side of one law, cross-fitted: the standard error of the AUC is about 0.013; leaving 0.5 -+ 0.08 has
// probability below 1e-8.
TEST(Discriminator, SameLawIsACoin) {
  const Cohort a = normal_people(kTwo, 1000, 0.5, 1);
  const Cohort b = normal_people(kTwo, 1000, 0.5, 2);
  const Estimate auc = discriminator_auc(a, b, 20000, {}, "test");
  EXPECT_NEAR(auc.value, 0.5, 0.08);
  EXPECT_LT(auc.low, 0.5 + 0.04);
}

// Held-out rows beyond the outermost training rows of their class may land on the wrong side of a histogram's cut.
TEST(Discriminator, TotalMismatchIsSeen) {
  const Cohort a = normal_people(kTwo, 200, 0.5, 1);
  const Cohort b = normal_people(kTwo, 200, 0.5, 2, 100);
  EXPECT_GT(discriminator_auc(a, b, 20000, {}, "test").value, 0.99);
}

// Lost correlation with equal marginals: the likelihood ratio's AUC is about 0.86; below 0.65 has probability < 1e-8.
TEST(Discriminator, SeesLostCorrelation) {
  const Cohort real = normal_people(kTwo, 800, 0.95, 1);
  const Cohort other = normal_people(kTwo, 800, 0.95, 2);
  const Cohort made = normal_people(kTwo, 800, 0, 3);
  const Finding found = finding(evaluate_discriminator({other, real, made}, {}), "discriminator_auc");
  EXPECT_GT(found.value, 0.65);
  EXPECT_NEAR(found.reference, 0.5, 0.12);
  EXPECT_LT(found.low, found.value);
  EXPECT_GT(found.high, found.value);
}

// The people of both cohorts are the same and each person's rows are alike: with rows of a person in two folds the
// trees would know the person again. Folds of whole people leave them nothing to learn.
TEST(Discriminator, PeopleAreNotSplitOverFolds) {
  Schema schema = person_schema({number_column("x")});
  schema.repeated = true;
  const auto make = [&](std::uint64_t seed) {
    Rng rng(seed);
    std::vector<double> values;
    for (int person = 0; person < 60; ++person) {
      const double level = rng.normal();
      for (int row = 0; row < 20; ++row) values.push_back(level);
    }
    Cohort cohort = people_in_time(schema, std::vector<std::int64_t>(60, 20), {}, {values});
    return cohort;
  };
  // Standard error with 60 people a side about 0.055: leaving 0.5 -+ 0.3 has probability below 1e-6. Folds over rows
  // give an AUC of 1.
  EXPECT_NEAR(discriminator_auc(make(1), make(2), 20000, {}, "test").value, 0.5, 0.3);
}

TEST(Discriminator, ThreadsAndOrderDoNotMatter) {
  const Cohort a = normal_people(kTwo, 150, 0.5, 1);
  const Cohort b = normal_people(kTwo, 120, 0.1, 2);
  Context two;
  two.threads = 2;
  const double once = discriminator_auc(a, b, 20000, {}, "test").value;
  EXPECT_EQ(once, discriminator_auc(a, b, 20000, two, "test").value);
  EXPECT_EQ(once, discriminator_auc(reversed(a), reversed(b), 20000, two, "test").value);
}

}  // namespace
}  // namespace understudy
