#include "metrics/target_prediction.h"

#include <gtest/gtest.h>

#include <cmath>

#include "metrics/test_learner.h"
#include "metrics/test_series.h"

namespace understudy {
namespace {

const std::vector<std::uint8_t> kOnce(6, 1);

// Positives at 0.9, 0.5 and 0.2; negatives at 0.5, 0.3 and 0.1. Pairs that are right: 3 + 2.5 + 1 of 9.
TEST(AreaUnderRoc, TiesCountHalf) {
  const std::vector<float> scores = {0.9F, 0.5F, 0.2F, 0.5F, 0.3F, 0.1F};
  const std::vector<std::uint8_t> targets = {1, 1, 1, 0, 0, 0};
  EXPECT_NEAR(area_under_roc(scores, targets, kOnce), 6.5 / 9, 1e-12);
  const std::vector<std::uint8_t> twice = {1, 1, 2, 1, 1, 0};  // the last positive twice, the lowest negative never
  EXPECT_NEAR(area_under_roc(scores, targets, twice), (2 + 1.5) / 8, 1e-12);
}

// Recall 1/3 at precision 1, 2/3 at 2/3, 1 at 3/5.
TEST(AveragePrecision, SumsOverThresholds) {
  const std::vector<float> scores = {0.9F, 0.5F, 0.2F, 0.5F, 0.3F, 0.1F};
  EXPECT_NEAR(average_precision(scores, std::vector<std::uint8_t>{1, 1, 1, 0, 0, 0}, kOnce), (1 + 2.0 / 3 + 3.0 / 5) / 3, 1e-12);
}

TEST(AreaUnderRoc, NeedsBothKinds) {
  const std::vector<float> scores = {0.9F, 0.5F};
  const std::vector<std::uint8_t> all = {1, 1}, once = {1, 1};
  EXPECT_TRUE(std::isnan(area_under_roc(scores, all, once)));
  EXPECT_TRUE(std::isnan(average_precision(scores, all, once)));
}

// Who dies has a high lactate, but for one in ten; `shuffled` leaves no link.
Cohort deaths(std::int64_t people, std::uint64_t seed, bool shuffled = false) {
  ColumnSpec died = static_column(number_column("died"));
  died.type = ColumnType::boolean;
  died.categories = {"false", "true"};
  died.is_target = true;
  Rng rng(seed);
  Schema schema = timed_schema({died, number_column("lactate")});
  Cohort cohort = make_cohort(schema);
  cohort.statics.resize(people);
  cohort.series.resize(people * 3);
  cohort.times.resize(people * 3);
  for (std::int64_t s = 0; s < people; ++s) {
    cohort.subjects.push_back(std::to_string(s));
    const bool dies = rng.bernoulli(0.4), looks = rng.bernoulli(0.1) ? !dies : dies;
    cohort.statics.column(0).set_number(s, dies);
    for (std::int64_t row = 3 * s; row < 3 * s + 3; ++row) {
      cohort.times.set_number(row, static_cast<double>(row - 3 * s));
      cohort.series.column(0).set_number(row, (shuffled ? rng.bernoulli(0.4) : looks) ? 4 + rng.uniform() : 1 + rng.uniform());
    }
    cohort.offsets.push_back(3 * s + 3);
  }
  return cohort;
}

double value_of(const std::vector<Finding>& findings, const std::string& name, double Finding::*what = &Finding::value) {
  for (const Finding& finding : findings) {
    if (finding.name == name) return finding.*what;
  }
  ADD_FAILURE() << name;
  return 0;
}

// A tenth looks like the other kind: the best area is 0.9. 400 people: a standard error of 0.015.
TEST(TargetPrediction, FindsALinkAndMissesOneThatIsNotThere) {
  const Cohort train = deaths(400, 1), holdout = deaths(400, 2), good = deaths(400, 3), bad = deaths(400, 4, true);
  const HandLearner learner;
  const auto found = evaluate_target_prediction({train, holdout, good, &learner}, {});
  ASSERT_EQ(found.size(), 4U);
  for (const char* name : {"target_auroc", "target_auroc_recurrent"}) {
    EXPECT_NEAR(value_of(found, name), 0.9, 0.06) << name;  // false alarm below 1e-4
    EXPECT_NEAR(value_of(found, name, &Finding::reference), 0.9, 0.06) << name;
    EXPECT_LT(value_of(found, name, &Finding::low), value_of(found, name));
  }
  EXPECT_GT(value_of(found, "target_auprc"), 0.7);
  const auto missed = evaluate_target_prediction({train, holdout, bad, nullptr}, {});
  EXPECT_LT(value_of(missed, "target_auroc"), 0.75);
  EXPECT_NEAR(value_of(missed, "target_auroc", &Finding::reference), 0.9, 0.06);
  EXPECT_TRUE(std::isnan(value_of(missed, "target_auroc_recurrent")));
}

TEST(TargetPrediction, AskedOfNobodyWithTheTargetItIsNotMeasured) {
  const Cohort train = deaths(40, 1), holdout = deaths(40, 2);
  Cohort nobody = deaths(40, 3);
  for (std::int64_t s = 0; s < nobody.size(); ++s) nobody.statics.column(0).set_number(s, 0);
  EXPECT_TRUE(std::isnan(value_of(evaluate_target_prediction({train, holdout, nobody, nullptr}, {}), "target_auroc")));
}

TEST(TargetPrediction, WithoutATargetThereIsNoFinding) {
  const Cohort cohort = ward_people(30, 1);
  EXPECT_TRUE(evaluate_target_prediction({cohort, cohort, cohort, nullptr}, {}).empty());
}

}  // namespace
}  // namespace understudy
