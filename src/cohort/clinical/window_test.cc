#include "cohort/clinical/window.h"

#include "cohort/testing_files.h"

namespace understudy {
namespace {

Schema with_time(const std::string& lines) {
  const std::string column = "\n[[column]]\nname = \"x\"\ntype = \"real\"\n";
  return parse_schema("[schema]\nsubject = \"person\"\ntime = \"at\"\n" + lines + column, "w.toml");
}

TEST(Window, StepsAreMinutesHoursOrDays) {
  EXPECT_EQ(window_of(with_time("time_type = \"integer\"\ntime_unit = \"min\"")).step, 1);
  EXPECT_EQ(window_of(with_time("time_type = \"integer\"\ntime_unit = \"h\"")).step, 60);
  EXPECT_EQ(window_of(with_time("time_type = \"integer\"\ntime_unit = \"d\"")).step, 1440);
}

TEST(Window, BoundsAreWholeSteps) {
  const Window window =
      window_of(with_time("time_type = \"integer\"\ntime_unit = \"h\"\ntime_minimum = -24\ntime_maximum = 47"));
  EXPECT_EQ(window.first, -24 * 60);
  EXPECT_EQ(window.last, 48 * 60 - 1);
  EXPECT_FALSE(window.open_end);
  const Window open = window_of(with_time("time_type = \"integer\"\ntime_unit = \"h\""));
  EXPECT_EQ(open.first, 0);
  EXPECT_TRUE(open.open_end);
}

TEST(Window, WithoutATimeItIsTheWholeStay) {
  const Window window =
      window_of(parse_schema("[schema]\nsubject = \"p\"\n[[column]]\nname = \"x\"\ntype = \"real\"\n", "w.toml"));
  EXPECT_TRUE(window.open_end);
  EXPECT_EQ(window.first, 0);
}

TEST(Window, VisitsAreWhole) {
  const std::string visits = "time_type = \"integer\"\ntime_unit = \"visit\"";
  const Window window = window_of(with_time(visits + "\ntime_minimum = 0\ntime_maximum = 4"));
  EXPECT_TRUE(window.by_visit);
  EXPECT_TRUE(window.open_end);
  EXPECT_EQ(window.visits, 5);
  EXPECT_GT(window_of(with_time(visits)).visits, 100000);
  expect_parts(error_of(ErrorKind::input, [&] { window_of(with_time(visits + "\ntime_minimum = 1")); }), {"'at'", "from 0"});
}

TEST(Window, RefusesOtherTimes) {
  for (const char* time : {"time_type = \"integer\"", "time_type = \"integer\"\ntime_unit = \"s\"",
                           "time_type = \"real\"\ntime_unit = \"h\"", "time_type = \"date\""}) {
    expect_parts(error_of(ErrorKind::input, [&] { window_of(with_time(time)); }), {"'at'", "time_unit"});
  }
}

}  // namespace
}  // namespace understudy
