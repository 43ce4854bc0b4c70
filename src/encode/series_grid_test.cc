#include "encode/series_grid.h"

#include <gtest/gtest.h>

#include <cmath>

#include "testing/kind_of.h"
#include "understudy/error.h"

namespace understudy {
namespace {

// One person: a at hours 0 and 3, b at hour 3, nothing else; a row at hour 9.
Cohort cohort() {
  Schema schema = parse_schema(R"toml(
[schema]
subject = "person"
time = "hour"
time_type = "integer"
time_unit = "h"
[[column]]
name = "a"
type = "real"
[[column]]
name = "b"
type = "boolean"
[[column]]
name = "note"
type = "text"
)toml", "test");
  Cohort result = make_cohort(schema);
  result.subjects = {"1"};
  result.statics.resize(1);
  result.series.resize(3);
  result.times.resize(3);
  result.offsets = {0, 3};
  const double hours[] = {0, 3, 9};
  for (std::int64_t row = 0; row < 3; ++row) result.times.set_number(row, hours[row]);
  result.series.column(0).set_number(0, 5);
  result.series.column(0).set_number(1, 7);
  result.series.column(1).set_number(1, 1);
  result.series.column(0).set_number(2, 9);
  return result;
}

TEST(SeriesGrid, ValuesMaskAndTimeSince) {
  const SeriesGrid grid = series_grid(cohort(), 0, {.first = 0, .steps = 5});
  EXPECT_EQ(grid.columns, 2);
  const float a[] = {5, 5, 5, 7, 7}, measured[] = {1, 0, 0, 1, 0}, since[] = {0, 1, 2, 0, 1};
  const float b_since[] = {1, 2, 3, 0, 1};
  for (std::int64_t step = 0; step < 5; ++step) {
    EXPECT_EQ(grid.value(step, 0), a[step]);
    EXPECT_EQ(grid.measured(step, 0), measured[step] > 0);
    EXPECT_EQ(grid.since(step, 0), since[step]);
    EXPECT_EQ(grid.since(step, 1), b_since[step]);
  }
  EXPECT_TRUE(std::isnan(grid.value(2, 1)));
  EXPECT_EQ(grid.value(4, 1), 1);
}

TEST(SeriesGrid, SpanMayStartLater) {
  const SeriesGrid grid = series_grid(cohort(), 0, {.first = 3, .steps = 2});
  EXPECT_EQ(grid.value(0, 0), 7);
  EXPECT_EQ(grid.since(1, 0), 1);
}

TEST(SeriesGrid, NeedsWholeSteps) {
  Cohort flat = cohort();
  flat.schema.time.clear();
  EXPECT_EQ(kind_of([&] { series_grid(flat, 0, {}); }), ErrorKind::usage);
}

}  // namespace
}  // namespace understudy
