#include "metrics/series_profile.h"

#include <gtest/gtest.h>

#include "metrics/test_series.h"

namespace understudy {
namespace {

using Json = nlohmann::ordered_json;

// `people` people, each with a pulse of 60 + hour in hours 0 to 3; in hour 2 only the first half is measured.
Cohort four_hours(std::int64_t people, double more = 0, ColumnType time = ColumnType::integer) {
  const Schema schema = timed_schema({number_column("pulse"), category_column("rhythm", {"a", "b"})}, time);
  std::vector<double> times, pulse, rhythm;
  for (std::int64_t p = 0; p < people; ++p) {
    for (int hour = 0; hour < 4; ++hour) {
      times.push_back(time == ColumnType::date ? 18000 + static_cast<double>(7 * p) + hour : hour);
      pulse.push_back(hour == 2 && p >= people / 2 ? kMissing : 60 + hour + more);
      rhythm.push_back(0);
    }
  }
  return people_at(schema, std::vector<std::int64_t>(static_cast<std::size_t>(people), 4), times, {}, {pulse, rhythm});
}

TEST(SeriesProfile, QuartilesAndSharesByHour) {
  const Cohort real = four_hours(20), made = four_hours(8, 5);
  const Json charts = series_charts({real, real, made}, Context{});
  ASSERT_EQ(charts.size(), 1U);
  EXPECT_EQ(charts[0]["column"], "pulse");
  EXPECT_EQ(charts[0]["at"], Json({0, 1, 2, 3}));
  EXPECT_EQ(charts[0]["train"]["middle"], Json({60, 61, 62, 63}));
  EXPECT_EQ(charts[0]["train"]["low"], Json({60, 61, 62, 63}));
  EXPECT_EQ(charts[0]["train"]["measured"], Json({1, 1, 0.5, 1}));
  EXPECT_EQ(charts[0]["synthetic"]["middle"], Json({65, 66, nullptr, 68}));  // four values are too few
}

TEST(SeriesProfile, DatesCountFromThePersonsFirst) {
  const Cohort real = four_hours(20, 0, ColumnType::date);
  const Json charts = series_charts({real, real, real}, Context{});
  EXPECT_EQ(charts[0]["at"], Json({0, 1, 2, 3}));
  EXPECT_EQ(charts[0]["time_unit"], "d");
  EXPECT_EQ(charts[0]["train"]["middle"], Json({60, 61, 62, 63}));
}

TEST(SeriesProfile, NothingToShow) {
  const Cohort table = people(person_schema({number_column("x")}), {{1, 2, 3}});
  EXPECT_TRUE(series_charts({table, table, table}, Context{}).empty());
  Cohort one = four_hours(6).select(std::vector<std::int64_t>{0, 1});
  for (std::int64_t row = 0; row < one.times.size(); ++row) one.times.set_number(row, 0);
  EXPECT_TRUE(series_charts({one, one, one}, Context{}).empty());
}

}  // namespace
}  // namespace understudy
