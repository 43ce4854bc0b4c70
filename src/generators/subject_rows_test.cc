#include "generators/subject_rows.h"

#include <gtest/gtest.h>

namespace understudy {
namespace {

// Days 0 to 10; values are the rows' numbers.
Cohort placed(const std::vector<std::int64_t>& rows, const std::vector<double>& gaps, bool has_gaps = true) {
  Schema schema;
  schema.subject = "id";
  schema.time = "day";
  schema.time_spec = {.name = "day", .type = ColumnType::integer, .minimum = 0, .maximum = 10, .nullable = false};
  schema.columns = {{.name = "x", .type = ColumnType::integer}};
  Timeline timeline;
  timeline.end = 10;
  if (has_gaps) timeline.gap.mass = {1};
  timeline.gap.step = 1;
  Cohort cohort = make_cohort(schema);
  Table values(schema.series());
  values.resize(static_cast<std::int64_t>(gaps.size()));
  for (std::int64_t row = 0; row < values.rows(); ++row) values.column(0).set_number(row, static_cast<double>(row));
  put_rows(timeline, rows, values, gaps, cohort);
  return cohort;
}

TEST(SubjectRows, TimesAreSumsOfGaps) {
  const Cohort cohort = placed({2, 0, 3}, {7, 3, 9, 1, 2});
  EXPECT_EQ(cohort.offsets, (std::vector<std::int64_t>{0, 2, 2, 5}));
  EXPECT_EQ(cohort.times.numbers(), (std::vector<double>{0, 3, 0, 1, 3}));
  EXPECT_EQ(cohort.series.column(0).numbers(), (std::vector<double>{0, 1, 2, 3, 4}));
}

// 8 + 4 days are shortened to 6 + 4; twelve rows a day apart do not fit and cannot be shortened: the last is left out.
TEST(SubjectRows, NothingLiesAfterTheEnd) {
  EXPECT_EQ(placed({3}, {0, 8, 4}).times.numbers(), (std::vector<double>{0, 6, 10}));
  const Cohort many = placed({12, 1}, std::vector<double>(13, 1));
  EXPECT_EQ(many.offsets, (std::vector<std::int64_t>{0, 11, 12}));
  EXPECT_EQ(many.series.column(0).number(11), 12);
}

TEST(SubjectRows, WithoutGapsRowsAreCounted) {
  EXPECT_EQ(placed({3}, {5, 5, 5}, false).times.numbers(), (std::vector<double>{0, 1, 2}));
}

}  // namespace
}  // namespace understudy
