#include "cohort/readers/persons.h"

#include "cohort/testing_files.h"

namespace understudy {
namespace {

struct Read {
  Cohort cohort;
  ReadReport report;
};

Read read(const std::string& data, const std::string& table) {
  const Schema schema = parse_schema(R"toml(
[schema]
subject = "person"
time = "hour"
time_type = "integer"
[[column]]
name = "pulse"
type = "integer"
)toml", "test");
  ReadOptions options;
  options.persons = PersonTable{test_file("people.csv", table), "key", "who", "stay"};
  Read result;
  result.cohort = read_cohort(std::vector<Source>{{.path = test_file("stays.csv", data)}}, schema, options, result.report, {});
  return result;
}

constexpr const char* kData = "stay,hour,pulse\n7,0,60\n7,1,61\n8,0,80\n9,0,90\n";

TEST(Persons, TheFirstStayOfEachPersonCounts) {
  const Read got = read(kData, "key,who\n5,b\n8,b\n7,b\n9,a\n");
  EXPECT_EQ(got.cohort.subjects, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(got.cohort.schema.subject, "person");
  EXPECT_EQ(got.cohort.offsets, (std::vector<std::int64_t>{0, 1, 2}));
  EXPECT_EQ(got.cohort.series.column(0).number(0), 90);
  EXPECT_EQ(got.cohort.series.column(0).number(1), 80);
  ASSERT_EQ(got.report.left_out.size(), 1);
  EXPECT_EQ(got.report.left_out[0].count, 1);
}

TEST(Persons, StaysOfNobodyAreCounted) {
  const Read got = read(kData, "key,who\n7,a\n");
  EXPECT_EQ(got.cohort.size(), 1);
  ASSERT_EQ(got.report.left_out.size(), 1);
  EXPECT_EQ(got.report.left_out[0].count, 2);
}

TEST(Persons, LinesWithoutAPersonAreCounted) {
  const Read got = read(kData, "key,who\n7,a\n8,b\n9,c\n,d\n5,\n");
  EXPECT_EQ(got.cohort.size(), 3);
  ASSERT_EQ(got.report.left_out.size(), 1);
  EXPECT_EQ(got.report.left_out[0].count, 2);
}

TEST(Persons, WhatCannotBeRightIsRefused) {
  expect_parts(error_of(ErrorKind::input, [] { read(kData, "key,who\n7,a\n7,b\n"); }), {"people.csv", "7", "two people"});
  expect_parts(error_of(ErrorKind::input, [] { read(kData, "key,name\n7,a\n"); }), {"people.csv", "who", "key"});
  expect_parts(error_of(ErrorKind::input, [] { read(kData, "key,who\n1,a\n"); }), {"people.csv", "nobody"});
}

}  // namespace
}  // namespace understudy
