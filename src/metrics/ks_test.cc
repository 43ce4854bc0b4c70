#include "metrics/ks.h"

#include <gtest/gtest.h>

#include "metrics/merged.h"
#include "metrics/test_cohorts.h"
#include "understudy/error.h"

namespace understudy {
namespace {

const Schema kSchema = person_schema({number_column("x")});

Cohort one_column(std::vector<double> values) { return people(kSchema, {std::move(values)}); }

double ks_of(const Cohort& train, const Cohort& holdout, const Cohort& synthetic, const std::string& name) {
  return finding(evaluate_ks({train, holdout, synthetic}, {}), name).value;
}

TEST(Ks, HandComputed) {
  // Distribution functions after 1, 2, 3, 4: synthetic 1/2, 1/2, 1, 1; holdout 0, 1/3, 2/3, 1. Largest gap: 1/2.
  const Cohort train = one_column({1, 2, 3, 4});
  const Cohort holdout = one_column({2, 3, 4});
  const Cohort synthetic = one_column({1, 3});
  const auto findings = evaluate_ks({train, holdout, synthetic}, {});
  EXPECT_DOUBLE_EQ(finding(findings, "ks_mean").value, 0.5);
  EXPECT_DOUBLE_EQ(finding(findings, "KSComplement", "x").value, 0.5);
  EXPECT_DOUBLE_EQ(finding(findings, "ks_mean").reference, 0.25);
  EXPECT_DOUBLE_EQ(finding(findings, "KSComplement", "x").reference, 0.75);
  EXPECT_DOUBLE_EQ(finding(findings, "ks_mean_train").value, 0.25);
}

TEST(Ks, EqualityAndTotalMismatch) {
  const Cohort a = one_column({5, 5, 7, 9, 9, 9});
  const Cohort b = one_column({100, 101});
  EXPECT_EQ(ks_of(a, a, a, "ks_mean"), 0);
  EXPECT_EQ(ks_of(a, a, a, "KSComplement"), 1);
  EXPECT_EQ(ks_of(a, a, b, "ks_worst"), 1);
  EXPECT_EQ(ks_of(a, a, b, "KSComplement"), 0);
}

TEST(Ks, MissingValuesAreLeftOut) {
  const Cohort a = one_column({1, kMissing, 2, kMissing});
  const Cohort b = one_column({1, 2});
  EXPECT_EQ(ks_of(b, a, b, "ks_mean"), 0);
}

TEST(Ks, OneEmptySideIsTotalMismatchTwoAreNotMeasured) {
  const Cohort none = one_column({kMissing, kMissing});
  const Cohort some = one_column({1, 2});
  EXPECT_EQ(ks_of(some, some, none, "ks_mean"), 1);
  EXPECT_TRUE(std::isnan(ks_of(none, none, none, "ks_mean")));
}

TEST(Ks, WorstAndMeanOverColumns) {
  const Schema schema = person_schema({number_column("a"), number_column("b")});
  const Cohort real = people(schema, {{1, 2, 3, 4}, {1, 2, 3, 4}});
  const Cohort made = people(schema, {{1, 2, 3, 4}, {3, 4, 5, 6}});
  const auto findings = evaluate_ks({real, real, made}, {});
  EXPECT_DOUBLE_EQ(finding(findings, "ks_mean").value, 0.25);
  EXPECT_DOUBLE_EQ(finding(findings, "ks_worst").value, 0.5);
}

TEST(Ks, OrderOfPeopleDoesNotMatter) {
  const Schema schema = person_schema({number_column("a"), number_column("b")});
  const Cohort train = normal_people(schema, 60, 0.5, 1);
  const Cohort holdout = normal_people(schema, 50, 0.5, 2);
  const Cohort made = normal_people(schema, 40, 0.2, 3);
  const auto once = evaluate_ks({train, holdout, made}, {});
  const Cohort turned = reversed(made);
  const auto again = evaluate_ks({reversed(train), reversed(holdout), turned}, {});
  for (std::size_t i = 0; i < once.size(); ++i) {
    EXPECT_EQ(once[i].value, again[i].value);
    EXPECT_EQ(once[i].low, again[i].low);
    EXPECT_EQ(once[i].reference, again[i].reference);
  }
}

TEST(Ks, ThreadsDoNotMatter) {
  const Schema schema = person_schema({number_column("a"), number_column("b"), number_column("c")});
  const Cohort real = normal_people(schema, 60, 0.5, 1);
  const Cohort made = normal_people(schema, 40, 0.2, 3);
  Context two;
  two.threads = 2;
  const auto first = evaluate_ks({real, real, made}, {});
  const auto second = evaluate_ks({real, real, made}, two);
  for (std::size_t i = 0; i < first.size(); ++i) EXPECT_EQ(first[i].high, second[i].high);
}

// Two samples of 400 normal values: the KS distance passes 0.2 with probability below 2 exp(-200 * 0.2^2 * 2) = 2e-7
// (Massart); the interval around the value holds the value and has a width, always.
TEST(Ks, IntervalHoldsTheValueAndSameLawIsNearTheReference) {
  const Cohort real = normal_people(kSchema, 400, 0, 1);
  const Cohort other = normal_people(kSchema, 400, 0, 2);
  const Cohort made = normal_people(kSchema, 400, 0, 3);
  const auto findings = evaluate_ks({real, other, made}, {});
  const Finding& mean = finding(findings, "ks_mean");
  EXPECT_LT(mean.value, 0.2);
  EXPECT_LT(mean.reference, 0.2);
  EXPECT_LT(mean.low, mean.value);
  EXPECT_GT(mean.high, mean.value);
  EXPECT_LT(mean.high - mean.low, 0.3);
}

// Definition against the linear passes: weights 0 to 3 against samples in which people are repeated.
TEST(MergedSamples, WeightsAreRepetitions) {
  Rng rng(7);
  const std::vector<std::int32_t> owners = {0, 1, 2, 3, 4, 5, 6, 7};
  for (int round = 0; round < 50; ++round) {
    Sample a{{}, owners, 8};
    Sample b{{}, owners, 8};
    std::vector<std::uint8_t> wa;
    std::vector<std::uint8_t> wb;
    std::vector<double> repeated_a;
    std::vector<double> repeated_b;
    for (int i = 0; i < 8; ++i) {
      a.values.push_back(static_cast<double>(rng.below(5)));
      b.values.push_back(static_cast<double>(rng.below(5)));
      wa.push_back(static_cast<std::uint8_t>(i == 0 ? 1 : rng.below(4)));
      wb.push_back(static_cast<std::uint8_t>(i == 0 ? 1 : rng.below(4)));
      repeated_a.insert(repeated_a.end(), wa.back(), a.values.back());
      repeated_b.insert(repeated_b.end(), wb.back(), b.values.back());
    }
    const auto below = [](const std::vector<double>& values, double x) {
      return static_cast<double>(std::count_if(values.begin(), values.end(), [&](double v) { return v <= x; })) /
             static_cast<double>(values.size());
    };
    double largest = 0;
    double area = 0;
    for (int x = 0; x < 5; ++x) {
      const double gap = std::abs(below(repeated_a, x) - below(repeated_b, x));
      largest = std::max(largest, gap);
      area += gap;
    }
    const MergedSamples merged(a, b);
    EXPECT_NEAR(merged.largest_gap(wa, wb), largest, 1e-12);
    EXPECT_NEAR(merged.area(wa, wb), area, 1e-12);
  }
}

TEST(Ks, EmptySyntheticIsRefused) {
  const Cohort real = one_column({1, 2});
  const Cohort none = make_cohort(kSchema);
  try {
    evaluate_ks({real, real, none}, {});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::input);
  }
}

}  // namespace
}  // namespace understudy
