#include "metrics/discriminative_score.h"

#include <gtest/gtest.h>

#include "metrics/test_learner.h"
#include "metrics/test_series.h"

namespace understudy {
namespace {

const HandLearner kLearner;

// Two rows each of one column; person i has the i-th value in both.
Cohort people_with(const std::vector<double>& values) {
  std::vector<double> rows, times;
  for (const double v : values) {
    for (const double time : {0, 1}) rows.push_back(v), times.push_back(time);
  }
  return people_at(timed_schema({number_column("x")}), std::vector<std::int64_t>(values.size(), 2), times, {}, {rows});
}

Finding score(const Cohort& train, const Cohort& holdout, const Cohort& made, const Context& context = {}) {
  return finding(evaluate_discriminative_score({train, holdout, made, &kLearner}, context), "discriminative_score");
}

TEST(DiscriminativeScore, HandComputed) {
  const Cohort real = people_with({0, 1, 0, 1, 0, 1, 0, 1, 0, 1});
  const Cohort far = people_with({9, 8, 9, 8, 9, 8, 9, 8, 9, 8});
  const Finding apart = score(real, real, far);
  EXPECT_EQ(apart.value, 0.5);
  EXPECT_EQ(apart.high, 0.5);
  // Wilson's interval of 20 hits of 20: from 1 / (1 + 1.96^2 / 20).
  EXPECT_NEAR(apart.low, 1 / (1 + 1.959964 * 1.959964 / 20) - 0.5, 1e-6);
  EXPECT_EQ(apart.better, Better::lower);
  // The five real people above 7 are taken for synthetic: 15 of 20 are right.
  const Finding mixed = score(real, people_with({0, 0, 0, 0, 0, 9, 9, 9, 9, 9}), people_with(std::vector<double>(10, 9)));
  EXPECT_EQ(mixed.value, 0.25);
  EXPECT_LT(mixed.low, 0.25);
  EXPECT_GT(mixed.high, 0.25);
}

TEST(DiscriminativeScore, ConstantsAreACoin) {
  const Cohort same = people_with(std::vector<double>(10, 3));
  const Finding found = score(same, same, same);
  EXPECT_EQ(found.value, 0);
  EXPECT_EQ(found.low, 0);
  EXPECT_EQ(found.reference, 0);
}

// Whether a value is missing is seen where the values themselves are equal.
TEST(DiscriminativeScore, SeesMissingValues) {
  const Schema schema = timed_schema({number_column("x")});
  const auto make = [&](double second) {
    std::vector<double> rows, times;
    for (int i = 0; i < 10; ++i) {
      for (const double time : {0, 1}) rows.push_back(time == 0 ? 3 : second), times.push_back(time);
    }
    return people_at(schema, std::vector<std::int64_t>(10, 2), times, {}, {rows});
  };
  EXPECT_EQ(score(make(3), make(3), make(kMissing)).value, 0.5);
}

TEST(DiscriminativeScore, SaysWhyItIsNotMeasured) {
  const Cohort real = people_with({0, 1, 0});
  EXPECT_EQ(score(real, real, people_with({1})).meaning,
            "Not measured: at least two people with two rows are needed on each side.");
  const auto blind = finding(evaluate_discriminative_score({real, real, real}, {}), "discriminative_score");
  EXPECT_TRUE(std::isnan(blind.value));
  EXPECT_EQ(blind.meaning, "Not measured: it needs a recurrent network, and this build has none.");
}

TEST(DiscriminativeScore, ThreadsAndOrderDoNotMatter) {
  const Cohort train = ward_people(40, 1);
  const Cohort holdout = ward_people(30, 2);
  const Cohort made = ward_people(35, 3, {.persistence = 0.1, .follows = 0});
  Context two;
  two.threads = 2;
  const Finding once = score(train, holdout, made);
  const Finding again = score(reversed(train), reversed(holdout), reversed(made), two);
  EXPECT_EQ(once.value, again.value);
  EXPECT_EQ(once.reference, again.reference);
}

}  // namespace
}  // namespace understudy
