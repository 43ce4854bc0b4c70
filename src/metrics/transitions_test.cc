#include "metrics/transitions.h"

#include <gtest/gtest.h>

#include "metrics/test_series.h"
#include "metrics/tv.h"

namespace understudy {
namespace {

const Schema kSchema = timed_schema({category_column("c", {"a", "b"})});

double distance(const Cohort& real, const Cohort& made) {
  return finding(evaluate_transitions({real, real, made}, {}), "transition_tv", "c").value;
}

Cohort steps(const std::vector<std::int64_t>& rows, const std::vector<double>& states) {
  return people_in_time(kSchema, rows, {}, {states});
}

TEST(Transitions, HandComputed) {
  // Real: from a: 1 to a, 1 to b; from b: 1 to a. Made: from a: 2 to b; from b: 1 to a. Rows of a differ by 1/2, those
  // of b not; a is left in 2 of 3 steps on both sides.
  EXPECT_DOUBLE_EQ(distance(steps({4}, {0, 0, 1, 0}), steps({4}, {0, 1, 0, 1})), 1.0 / 3);
  // From b (and never from a): a is left on one side only, counts 1 with half of its weight there, 2/3; b differs by 1
  // (to a against to b) with weight (1/3 + 1) / 2.
  EXPECT_DOUBLE_EQ(distance(steps({4}, {0, 0, 1, 0}), steps({3}, {1, 1, 1})), 1);
}

TEST(Transitions, MissingIsAState) {
  const Cohort real = steps({3}, {0, 0, 0});
  EXPECT_EQ(distance(real, steps({3}, {0, 0, 0})), 0);
  // From a: 1 to missing; from missing: 1 to a. a differs by 1 with weight 3/4, missing is left on one side only.
  EXPECT_DOUBLE_EQ(distance(real, steps({3}, {0, kMissing, 0})), 1);
}

TEST(Transitions, StepsDoNotCrossPeople) {
  EXPECT_EQ(distance(steps({2, 2}, {0, 0, 1, 1}), steps({2, 2}, {1, 1, 0, 0})), 0);
  EXPECT_TRUE(std::isnan(distance(steps({1, 1}, {0, 1}), steps({1, 1}, {0, 1}))));
}

// Over 60 other seeds: the distance between equal wards is 0.017 with standard deviation 0.005, the lower end for
// shuffled rows 0.176 with 0.011. Bounds are more than five standard deviations away: false alarm below 1e-6.
TEST(Transitions, RhythmThatForgetsIsSeenWhereTvSeesNothing) {
  const Cohort train = ward_people(200, 1);
  const Cohort holdout = ward_people(200, 2);
  const auto good = evaluate_transitions({train, holdout, ward_people(200, 3)}, {});
  const Cohort shuffled = shuffled_within_people(holdout, 4);
  const auto bad = evaluate_transitions({train, holdout, shuffled}, {});
  EXPECT_LT(finding(good, "transition_tv_mean").value, 0.1);
  EXPECT_LT(finding(good, "transition_tv_mean").reference, 0.1);
  EXPECT_GT(finding(bad, "transition_tv_worst").low, 0.1);
  EXPECT_NEAR(finding(evaluate_tv({train, holdout, shuffled}, {}), "TVComplement", "rhythm").value, 1, 1e-12);
}

}  // namespace
}  // namespace understudy
