// Real files, where $UNDERSTUDY_DATA has them.
#include <cstdlib>

#include "cohort/testing_files.h"
#include "understudy/reader.h"

namespace understudy {
namespace {

// Options that differ from the usual ones in one member.
template <class Member, class Value>
ReadOptions with(Member ReadOptions::*member, Value value) {
  ReadOptions options;
  options.*member = value;
  return options;
}

std::string data(const std::string& name) {
  const char* folder = std::getenv("UNDERSTUDY_DATA");
  return folder == nullptr ? "" : std::string(folder) + "/" + name;
}

TEST(RealData, FitbitDaysJoinedWithSleep) {
  const std::string activity = data("fitbit/apr-may/dailyActivity_merged.csv");
  const std::string sleep = data("fitbit/apr-may/sleepDay_merged.csv");
  if (!std::filesystem::exists(activity)) GTEST_SKIP() << "UNDERSTUDY_DATA has no fitbit";
  InspectRequest request;
  request.sources = {{.path = activity, .rename = {}}, {.path = sleep, .rename = {{"SleepDay", "ActivityDate"}}}};
  request.subject = "Id";
  request.time = "ActivityDate";
  const Schema schema = draft_schema(request, Context{});
  EXPECT_EQ(schema.time_spec.format, "%m/%d/%Y");
  ReadReport report;
  error_of(ErrorKind::input, [&] { read_cohort(request.sources, schema, {}, report, Context{}); });
  const Cohort cohort =
      read_cohort(request.sources, schema, with(&ReadOptions::duplicates, Duplicates::first), report, Context{});
  EXPECT_EQ(cohort.size(), 33);
  EXPECT_EQ(cohort.series.rows(), 940);
  EXPECT_EQ(cohort.series.column("TotalMinutesAsleep").validity().count(), 410);
  EXPECT_EQ(report.rows, 940 + 413);
  ASSERT_EQ(report.problems.size(), 1U);
  EXPECT_EQ(report.problems[0].count, 3);
  EXPECT_EQ(report.problems[0].lines, (std::vector<std::int64_t>{163, 225, 382}));
}

TEST(RealData, NhanesPeople) {
  const std::string path = data("nhanes-steps/nhanes_2011_2014_subject_level.csv.gz");
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "UNDERSTUDY_DATA has no nhanes-steps";
  InspectRequest request;
  request.sources = {{.path = path, .rename = {}}};
  request.subject = "SEQN";
  const Schema schema = draft_schema(request, Context{});
  EXPECT_EQ(schema.columns.size(), 84U);
  EXPECT_EQ(schema.column("total_scrfsteps").type, ColumnType::real);
  ReadReport report;
  expect_parts(error_of(ErrorKind::input, [&] { read_cohort(request.sources, schema, {}, report, Context{}); }),
               {"Inf' is not finite"});
  const Cohort cohort =
      read_cohort(request.sources, schema, with(&ReadOptions::bad_cells, BadCells::missing), report, Context{});
  EXPECT_EQ(cohort.size(), 19931);
  EXPECT_EQ(report.problems.size(), 2U);  // the two cells that hold Inf
}

}  // namespace
}  // namespace understudy
