#include "metrics/predictive_score.h"

#include <gtest/gtest.h>

#include "metrics/test_learner.h"
#include "metrics/test_series.h"

namespace understudy {
namespace {

const HandLearner kLearner;

Cohort at(const std::vector<std::int64_t>& rows, const std::vector<double>& x, const std::vector<double>& y) {
  std::vector<double> times(x.size());
  for (std::size_t row = 0; row < times.size(); ++row) times[row] = static_cast<double>(row);
  return people_at(timed_schema({number_column("x"), number_column("y")}), rows, times, {}, {x, y});
}

std::vector<Finding> scores(const Cohort& train, const Cohort& holdout, const Cohort& made,
                            const Context& context = {}) {
  return evaluate_predictive_score({train, holdout, made, &kLearner}, context);
}

TEST(PredictiveScore, HandComputed) {
  // x and y of holdout people lie between 0 and 10. The learner answers the mean of what comes next where it was fitted.
  const Cohort holdout = at({3, 2, 1}, {0, 0, 0, 10, 0, 5}, {0, 10, 4, 9, 2, 7});
  const Cohort made = at({2, 2}, {1, 5, 1, 5}, {3, 6, 3, 8});
  const auto found = scores(holdout, holdout, made);
  // y: mean 0.7 against 1, 0.4 | 0.2: people's errors (0.3 + 0.3) / 2 and 0.5.
  const Finding last = finding(found, "predictive_score", "y");
  EXPECT_NEAR(last.value, 0.4, 1e-6);
  EXPECT_NEAR(last.high - last.value, 1.959964 * 0.1, 1e-6);  // deviation 0.1 sqrt(2) over two people
  // Fitted on holdout itself: mean (1 + 0.4 + 0.2) / 3.
  EXPECT_NEAR(last.reference, ((7 / 15.0 + 2 / 15.0) / 2 + 1 / 3.0) / 2, 1e-6);
  // x: mean 0.5 against 0, 0 | 0; all columns of a person together: (0.5 + 0.3 + 0.5 + 0.3) / 4 and (0.5 + 0.5) / 2.
  EXPECT_NEAR(finding(found, "predictive_score_all").value, 0.45, 1e-6);
}

TEST(PredictiveScore, ForecastsTheLastColumnThatVaries) {
  const Cohort cohort = at({2, 2}, {0, 1, 1, 0}, {3, 3, 3, 3});
  EXPECT_EQ(finding(scores(cohort, cohort, cohort), "predictive_score").columns, std::vector<std::string>{"x"});
  const Cohort one = people_at(timed_schema({number_column("x")}), {2, 2}, {0, 1, 0, 1}, {}, {{0, 1, 1, 0}});
  EXPECT_NEAR(finding(scores(one, one, one), "predictive_score", "x").value, 0.5, 1e-6);
}

TEST(PredictiveScore, SaysWhyItIsNotMeasured) {
  const Cohort constant = at({2, 2}, {1, 1, 1, 1}, {3, 3, 3, 3});
  const Cohort varied = at({2, 2}, {0, 1, 1, 0}, {3, 4, 3, 3});
  const Cohort short_series = at({1, 1}, {0, 1}, {3, 4});
  for (const auto& found : {scores(constant, constant, constant), scores(varied, varied, short_series),
                            evaluate_predictive_score({varied, varied, varied}, {})}) {
    ASSERT_EQ(found.size(), 2U);
    for (const Finding& f : found) {
      EXPECT_TRUE(std::isnan(f.value));
      EXPECT_EQ(f.meaning.rfind("Not measured: ", 0), 0U) << f.meaning;
    }
  }
}

TEST(PredictiveScore, ThreadsAndOrderDoNotMatter) {
  const Cohort train = ward_people(20, 1);
  const Cohort holdout = ward_people(30, 2);
  const Cohort made = ward_people(25, 3);
  Context two;
  two.threads = 2;
  const auto once = scores(train, holdout, made);
  const auto again = scores(reversed(train), reversed(holdout), reversed(made), two);
  for (std::size_t i = 0; i < once.size(); ++i) {
    EXPECT_NEAR(once[i].value, again[i].value, 1e-6);
    EXPECT_NEAR(once[i].reference, again[i].reference, 1e-6);
  }
}

}  // namespace
}  // namespace understudy
