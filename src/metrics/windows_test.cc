#include "metrics/windows.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "metrics/test_series.h"

namespace understudy {
namespace {

Schema three_columns() {
  return timed_schema({number_column("x"), category_column("c", {"a", "b", "c"}), number_column("y")});
}

Cohort at(const std::vector<std::int64_t>& rows, const std::vector<std::vector<double>>& series) {
  std::vector<double> times(series[0].size());
  for (std::size_t row = 0; row < times.size(); ++row) times[row] = static_cast<double>(row);
  return people_at(three_columns(), rows, times, {}, series);
}

TEST(Windows, ScaleComesFromHoldout) {
  const Cohort holdout = at({3}, {{2, 6, kMissing}, {0, 2, 1}, {5, 5, 5}});
  const Cohort other = at({2}, {{0, 100}, {1, 1}, {5, 6}});
  const auto columns = scaled_columns({other, holdout, other});
  ASSERT_EQ(columns.size(), 3U);
  EXPECT_EQ(columns[0].scaled(3), 0.25);
  EXPECT_EQ(columns[0].mean, 0.5);
  EXPECT_EQ(columns[0].scaled(0), -0.5);
  EXPECT_EQ(columns[0].scaled(100), 2);  // held
  EXPECT_TRUE(columns[0].lacks && columns[0].varies);
  EXPECT_EQ(columns[1].scaled(1), 0.5);
  EXPECT_FALSE(columns[1].lacks);
  EXPECT_FALSE(columns[2].varies);
  EXPECT_EQ(columns[2].scaled(5.5), 0.5);  // a constant has a range of 1
  const Cohort unmeasured = at({2}, {{kMissing, kMissing}, {1, 1}, {5, 6}});
  EXPECT_EQ(scaled_columns({other, unmeasured, other})[0].mean, 0);
}

TEST(Windows, MissingValuesAreFilledAndMarked) {
  // Person 0 has no x at first, then 2, then none; scaled by holdout (itself): 2 -> 0, 4 -> 1, mean 0.5.
  const Cohort cohort = at({3, 2}, {{kMissing, 2, kMissing, 4, kMissing}, {0, 1, 2, 0, 0}, {0, 1, 2, 3, 4}});
  const auto columns = scaled_columns({cohort, cohort, cohort});
  const Windows windows(cohort, columns, 10, Rng(1));
  ASSERT_EQ(windows.people(), 2);
  const std::int64_t first = windows.batch().offsets[1] == 3 ? 0 : 1;  // the window of person 0
  const SequenceBatch batch = windows.batch(std::vector<std::int64_t>{first});
  EXPECT_EQ(batch.features, 4);  // x, c, y, whether there is an x
  EXPECT_EQ(batch.values, (std::vector<float>{0.5F, 0, 0, 0, 0, 0.5F, 0.25F, 1, 0, 1, 0.5F, 0}));
  const SequenceBatch without = windows.batch(std::vector<std::int64_t>{first}, 0);
  EXPECT_EQ(without.values, (std::vector<float>{0, 0, 0.5F, 0.25F, 1, 0.5F}));
}

TEST(Windows, NextValuesAreThoseMeasured) {
  const Cohort cohort = at({3}, {{2, kMissing, 4}, {0, 1, 2}, {0, 1, 2}});
  const auto columns = scaled_columns({cohort, cohort, cohort});
  const auto next = Windows(cohort, columns, 10, Rng(1)).next_values(std::vector<std::size_t>{0, 2});
  ASSERT_EQ(next.size(), 6U);
  EXPECT_TRUE(std::isnan(next[0]));
  EXPECT_EQ(next[1], 0.5F);
  EXPECT_EQ(next[2], 1);
  EXPECT_EQ(next[3], 1);
  EXPECT_TRUE(std::isnan(next[4]) && std::isnan(next[5]));
}

// Rows 0, 1, 2 ...: the first value of a window says where it begins.
TEST(Windows, AreCutFromTheRowsOfEachPerson) {
  const std::vector<std::int64_t> rows = {1, 23, 24, 71, 480};
  std::vector<double> x;
  for (const std::int64_t n : rows) {
    for (std::int64_t row = 0; row < n; ++row) x.push_back(static_cast<double>(row));
  }
  const std::vector<double> zeros(x.size());
  const Cohort cohort = at(rows, {x, zeros, zeros});
  const auto columns = scaled_columns({cohort, cohort, cohort});
  const Windows windows(cohort, columns, 100, Rng(1));
  EXPECT_EQ(windows.people(), 4);
  EXPECT_EQ(windows.size(), 1 + 1 + 2 + 8);
  const SequenceBatch batch = windows.batch();
  std::vector<double> starts;
  for (std::int64_t w = 0; w < batch.size(); ++w) {
    const auto first = batch.offsets[static_cast<std::size_t>(w)];
    const auto length = batch.offsets[static_cast<std::size_t>(w) + 1] - first;
    EXPECT_TRUE(length == 23 || length == 24);
    starts.push_back(std::round(479 * double{batch.values[static_cast<std::size_t>(3 * first)]}) / 24);
  }
  std::sort(starts.begin(), starts.end());
  EXPECT_EQ(starts, (std::vector<double>{0, 0, 0, 0, 1, 2, 5, 7, 10, 12, 15, 17}));
  EXPECT_LE(Windows(cohort, columns, 4, Rng(1)).size(), 4);
}

TEST(Windows, NothingWithoutNumbersInASeries) {
  const Cohort flat = people(person_schema({number_column("x")}), {{1, 2}});
  EXPECT_TRUE(scaled_columns({flat, flat, flat}).empty());
  const Cohort states = people_at(timed_schema({category_column("c", {"a", "b"})}), {2}, {0, 1}, {}, {{0, 1}});
  EXPECT_TRUE(scaled_columns({states, states, states}).empty());
}

TEST(Fits, EachHasItsSeedAndIsReported) {
  std::vector<std::uint64_t> seeds(6);
  std::int64_t reports = 0;
  Context context;
  context.threads = 3;
  context.progress = [&](const Progress& progress) { reports += progress.total == 6; };
  for_each_fit(6, context, "test", [&](std::int64_t i, const Context& own) {
    EXPECT_FALSE(own.progress);
    seeds[static_cast<std::size_t>(i)] = own.seed;
  });
  EXPECT_EQ(reports, 6);
  std::sort(seeds.begin(), seeds.end());
  EXPECT_EQ(std::unique(seeds.begin(), seeds.end()), seeds.end());
}

}  // namespace
}  // namespace understudy
