#include "encode/timeline.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "understudy/error.h"

namespace understudy {
namespace {

Schema series_schema(ColumnType time) {
  Schema schema;
  schema.name = "series";
  schema.subject = "who";
  schema.time = "when";
  schema.time_spec.name = "when";
  schema.time_spec.type = time;
  ColumnSpec value;
  value.name = "value";
  schema.columns = {value};
  return schema;
}

// `subjects` people with `rows` rows each, `gap` apart, from `start`.
Cohort regular(ColumnType time, std::int64_t subjects, std::int64_t rows, double gap, double start) {
  Cohort cohort = make_cohort(series_schema(time));
  cohort.statics.resize(subjects);
  cohort.series.resize(subjects * rows);
  cohort.times.resize(subjects * rows);
  for (std::int64_t s = 0; s < subjects; ++s) {
    cohort.subjects.push_back("key" + std::to_string(s));
    cohort.offsets.push_back((s + 1) * rows);
    for (std::int64_t i = 0; i < rows; ++i) cohort.times.set_number(s * rows + i, start + static_cast<double>(i) * gap);
  }
  return cohort;
}

TEST(Timeline, RegularDaysComeBackAtThePublicOrigin) {
  const Timeline timeline = learn_timeline(regular(ColumnType::date, 10, 31, 1, 17000));
  Rng rng(1);
  const auto times = timeline.sample(rng);
  ASSERT_EQ(times.size(), 31U);
  EXPECT_EQ(times.front(), 10957);  // 1 January 2000
  EXPECT_EQ(times.back(), 10957 + 30);
}

TEST(Timeline, HoursStayWholeHours) {
  Cohort cohort = regular(ColumnType::datetime, 20, 10, 3600e6, 1.5e15);
  Rng rng(2);
  for (std::int64_t s = 0; s < 20; ++s) {
    for (std::int64_t i = 1; i < 10; ++i) {
      const double hours = 1 + static_cast<double>(rng.below(9));
      cohort.times.set_number(s * 10 + i, cohort.times.number(s * 10 + i - 1) + hours * 3600e6);
    }
  }
  const Timeline timeline = learn_timeline(cohort);
  for (int i = 0; i < 50; ++i) {
    const auto times = timeline.sample(rng);
    ASSERT_TRUE(std::is_sorted(times.begin(), times.end()));
    for (const double time : times) ASSERT_EQ(std::fmod(time, 3600e6), 0);
  }
}

TEST(Timeline, KeepsThePublicBoundsOfTime) {
  Cohort cohort = regular(ColumnType::integer, 10, 5, 10, 100);
  cohort.schema.time_spec.minimum = 50;
  cohort.schema.time_spec.maximum = 75;
  const Timeline timeline = learn_timeline(cohort);
  Rng rng(3);
  EXPECT_EQ(timeline.sample(rng), (std::vector<double>{50, 60, 70}));
}

TEST(Timeline, WithoutTimeRowsAreCounted) {
  Cohort cohort = regular(ColumnType::integer, 10, 3, 1, 0);
  cohort.schema.time.clear();
  cohort.schema.repeated = true;
  cohort.times.resize(0);
  Rng rng(4);
  EXPECT_EQ(learn_timeline(cohort).sample(rng), (std::vector<double>{0, 1, 2}));
}

TEST(Timeline, JsonRoundTripAndScaffold) {
  Cohort cohort = regular(ColumnType::date, 40, 4, 2, 17000);
  const Timeline timeline = learn_timeline(cohort);
  const Timeline back = timeline_from_json(nlohmann::json::parse(to_json(timeline).dump()));
  const Cohort one = scaffold(cohort.schema, timeline, 7, Rng(5));
  EXPECT_EQ(one, scaffold(cohort.schema, back, 7, Rng(5)));
  EXPECT_EQ(one.subjects, (std::vector<std::string>{"1", "2", "3", "4", "5", "6", "7"}));
  EXPECT_EQ(one.statics.rows(), 7);
  EXPECT_EQ(one.series.rows(), 28);
  EXPECT_EQ(one.times.size(), 28);
  EXPECT_EQ(one.series.column(0).validity().count(), 0);
  nlohmann::json endless = to_json(timeline);
  endless["rows"]["edges"].back() = 1e18;
  for (const nlohmann::json& bad : {nlohmann::json{{"rows", 3}}, endless}) {
    try {
      timeline_from_json(bad);
      ADD_FAILURE();
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::input);
    }
  }
}

TEST(Timeline, NoSeriesNoRows) {
  Schema schema;
  schema.name = "table";
  schema.subject = "row";
  ColumnSpec value;
  value.name = "value";
  schema.columns = {value};
  const Cohort cohort = scaffold(schema, learn_timeline(make_cohort(schema)), 3, Rng(6));
  EXPECT_EQ(cohort.statics.rows(), 3);
  EXPECT_EQ(cohort.series.rows(), 0);
}

}  // namespace
}  // namespace understudy
