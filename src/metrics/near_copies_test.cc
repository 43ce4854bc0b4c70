#include "metrics/near_copies.h"

#include <gtest/gtest.h>

#include "metrics/embedding.h"
#include "metrics/sample.h"
#include "metrics/test_cohorts.h"

namespace understudy {
namespace {

const Schema kTwo = person_schema({number_column("a"), number_column("b")});

TEST(RowEmbedding, HandComputed) {
  // Training values 0 and 2: mean 1, standard deviation 1. A mismatch of a category is one apart, so is missing.
  const Schema schema = person_schema({number_column("x"), category_column("c", {"r", "g"})});
  const Cohort train = people(schema, {{0, 2}, {0, 1}});
  const Cohort other = people(schema, {{2, 5, kMissing, 0}, {0, 0, 0, kMissing}});
  const RowEmbedding embedding(train.statics, measured_columns(schema));
  const auto base = embedding.points(train.statics);
  const auto queries = embedding.points(other.statics);
  const auto distances = nearest_distances(queries, base, embedding.width(), 1);
  EXPECT_NEAR(distances[0], 1, 1e-6);                // (2, r): one category from (2, g)
  EXPECT_NEAR(distances[1], std::sqrt(10.0), 1e-6);  // (5, r): 3 and a category from (2, g)
  EXPECT_NEAR(distances[2], std::sqrt(2.0), 1e-6);   // (missing, r): the mean and a flag from (0, r)
  EXPECT_NEAR(distances[3], 1, 1e-6);                // (0, missing)
}

TEST(RowEmbedding, ManyCategoriesKeepEqualAndUnequalApart) {
  std::vector<std::string> names;
  for (int i = 0; i < 500; ++i) names.push_back(std::to_string(i));
  const Schema schema = person_schema({category_column("c", names)});
  std::vector<double> all;
  for (int i = 0; i < 500; ++i) all.push_back(i);
  const Cohort cohort = people(schema, {all});
  const RowEmbedding embedding(cohort.statics, measured_columns(schema));
  EXPECT_LE(embedding.width(), 32);
  const auto points = embedding.points(cohort.statics);
  const auto w = static_cast<std::size_t>(embedding.width());
  const std::span<const float> span(points);
  const auto distances = nearest_distances(span.subspan(0, w), span.subspan(w), embedding.width(), 1);
  EXPECT_GT(distances[0], 0.2);
  EXPECT_EQ(nearest_distances(span.subspan(0, w), span, embedding.width(), 1)[0], 0);
}

// The slow definition against faiss, and one thread against two.
TEST(NearestDistances, AgreeWithAllPairs) {
  Rng rng(1);
  constexpr std::int64_t kWidth = 7;
  std::vector<float> base(900 * kWidth), queries(1300 * kWidth);
  for (float& v : base) v = static_cast<float>(rng.normal());
  for (float& v : queries) v = static_cast<float>(rng.normal());
  const auto found = nearest_distances(queries, base, kWidth, 1);
  EXPECT_EQ(found, nearest_distances(queries, base, kWidth, 2));
  for (std::size_t q = 0; q < 1300; q += 13) {
    double nearest = 1e9;
    for (std::size_t b = 0; b < 900; ++b) {
      double sum = 0;
      for (std::size_t k = 0; k < kWidth; ++k) {
        const double d = static_cast<double>(queries[q * kWidth + k]) - static_cast<double>(base[b * kWidth + k]);
        sum += d * d;
      }
      nearest = std::min(nearest, std::sqrt(sum));
    }
    EXPECT_NEAR(found[q], nearest, 1e-4);
  }
}

TEST(NearCopies, CopiesAreFound) {
  const Cohort train = normal_people(kTwo, 500, 0, 1);
  const Cohort holdout = normal_people(kTwo, 400, 0, 2);
  const auto findings = evaluate_near_copies({train, holdout, train}, {});
  EXPECT_EQ(finding(findings, "near_copies").value, 1);
  EXPECT_EQ(finding(findings, "exact_copies").value, 1);
  EXPECT_LT(finding(findings, "near_copies").reference, 0.12);  // as for other people below
  EXPECT_EQ(finding(findings, "exact_copies").reference, 0);
}

// In two dimensions a share of 1 - 2^(-1/16) = 0.042 lies within a quarter of the median distance; more than 0.12 of
// 500 is over eight standard deviations of 0.009: a chance below 1e-14.
TEST(NearCopies, OtherPeopleAreNotCopies) {
  const Cohort train = normal_people(kTwo, 500, 0, 1);
  const Cohort holdout = normal_people(kTwo, 500, 0, 2);
  const Cohort made = normal_people(kTwo, 500, 0, 3);
  const auto findings = evaluate_near_copies({train, holdout, made}, {});
  EXPECT_LT(finding(findings, "near_copies").value, 0.12);
  EXPECT_EQ(finding(findings, "exact_copies").value, 0);
  EXPECT_GT(finding(findings, "exact_copies").high, 0);
}

// Distances of the holdout are 8, 16 and 24 units, so the radius is 4; the synthetic rows lie 3, 5 and 2 units away.
TEST(NearCopies, HandComputedRadius) {
  const Cohort train = people(kTwo, {{0, 100}, {0, 100}});
  const Cohort holdout = people(kTwo, {{8, 16, 24}, {0, 0, 0}});
  const Cohort made = people(kTwo, {{3, 5, 100}, {0, 0, 98}});
  const auto findings = evaluate_near_copies({train, holdout, made}, {});
  EXPECT_DOUBLE_EQ(finding(findings, "near_copies").value, 2.0 / 3);
  EXPECT_DOUBLE_EQ(finding(findings, "near_copies").reference, 0);
}

TEST(NearCopies, HandComputedExactShare) {
  const Cohort train = people(kTwo, {{1, 2, 3}, {1, kMissing, 3}});
  const Cohort holdout = people(kTwo, {{5, 3}, {5, 3}});
  const Cohort made = people(kTwo, {{2, 1, -0.0, 3}, {kMissing, kMissing, 1, 3}});
  const auto findings = evaluate_near_copies({train, holdout, made}, {});
  EXPECT_DOUBLE_EQ(finding(findings, "exact_copies").value, 0.5);
  EXPECT_DOUBLE_EQ(finding(findings, "exact_copies").reference, 0.5);
}

TEST(NearCopies, MeaningSaysWhatDistancesAreNot) {
  const Cohort train = normal_people(kTwo, 50, 0, 1);
  const std::string meaning = finding(evaluate_near_copies({train, train, train}, {}), "near_copies").meaning;
  EXPECT_NE(meaning.find("do not measure privacy"), std::string::npos);
}

TEST(NearCopies, OrderDoesNotMatter) {
  const Cohort train = normal_people(kTwo, 300, 0, 1);
  const Cohort holdout = normal_people(kTwo, 300, 0, 2);
  const Cohort made = normal_people(kTwo, 300, 0, 3);
  EXPECT_EQ(
      finding(evaluate_near_copies({train, holdout, made}, {}), "near_copies").value,
      finding(evaluate_near_copies({reversed(train), reversed(holdout), reversed(made)}, {}), "near_copies").value);
}

}  // namespace
}  // namespace understudy
