#include "cohort/testing_files.h"
#include "understudy/reader.h"

namespace understudy {
namespace {

struct Draft {
  Schema schema;
  std::string warnings;
};

Draft draft(const std::string& text, const std::string& subject, const std::string& time,
            const ReadOptions& options = {}) {
  Draft result;
  Context context;
  context.warn = [&](std::string_view warning) { result.warnings += std::string(warning) + "\n"; };
  InspectRequest request;
  request.sources = {{.path = test_file("draft.csv", text), .rename = {}}};
  request.options = options;
  request.subject = subject;
  request.time = time;
  result.schema = draft_schema(request, context);
  // What is drafted reads its own data.
  ReadReport report;
  read_cohort(request.sources, result.schema, options, report, Context{});
  EXPECT_EQ(to_toml(parse_schema(to_toml(result.schema), "again")), to_toml(result.schema));
  return result;
}

TEST(Draft, InfersTypesAndMarksWhatItReadOff) {
  const Draft got = draft(
      "Id,Day,TotalSteps,mood,km,sex,worn,LogId,note,none\n"
      "1,4/12/2016,100,3,1.25,F,TRUE,1001,some words,\n"
      "1,4/13/2016,900,4,2.5,F,FALSE,1002,more words,NA\n"
      "2,4/30/2016,0,5,0,M,TRUE,1003,other words,\n",
      "Id", "Day");
  const Schema& schema = got.schema;
  EXPECT_EQ(schema.time, "Day");
  EXPECT_EQ(schema.time_spec.type, ColumnType::date);
  EXPECT_EQ(schema.time_spec.format, "%m/%d/%Y");
  EXPECT_FALSE(schema.time_spec.is_public);
  EXPECT_EQ(schema.column("TotalSteps").catalogue, "steps_per_day");
  EXPECT_TRUE(schema.column("TotalSteps").is_public);
  EXPECT_EQ(schema.column("mood").type, ColumnType::integer);
  EXPECT_EQ(schema.column("mood").minimum, 3.0);
  EXPECT_FALSE(schema.column("mood").is_public);
  EXPECT_EQ(schema.column("km").decimals, 2);
  EXPECT_EQ(schema.column("sex").categories, (std::vector<std::string>{"F", "M"}));
  EXPECT_TRUE(schema.column("sex").is_static);
  EXPECT_FALSE(schema.column("sex").is_public);
  EXPECT_EQ(schema.column("worn").type, ColumnType::boolean);
  EXPECT_FALSE(schema.column("worn").is_static);
  EXPECT_EQ(schema.column("LogId").type, ColumnType::id);
  EXPECT_EQ(schema.column("none").type, ColumnType::text);
  EXPECT_EQ(schema.find("Id"), nullptr);
}

TEST(Draft, DataOutsideTheCatalogueAreNotPublic) {
  const ColumnSpec spec = draft("TotalSteps\n5\n200000\n", "", "").schema.columns[0];
  EXPECT_TRUE(spec.catalogue.empty());
  EXPECT_EQ(spec.maximum, 200000.0);
  EXPECT_FALSE(spec.is_public);
}

TEST(Draft, FindsTheFormatOfDates) {
  const auto spec = [](const std::string& a, const std::string& b) {
    return draft("when,x\n" + a + ",1\n" + b + ",2\n", "", "").schema.columns[0];
  };
  EXPECT_EQ(spec("2016-04-12", "2016-04-13").type, ColumnType::date);
  EXPECT_EQ(spec("2016-04-12", "2016-04-13").format, "");
  EXPECT_EQ(spec("2016-04-12 10:00:00", "2016-04-13 00:00:00").type, ColumnType::datetime);
  EXPECT_EQ(spec("12.04.2016", "13.04.2016").format, "%d.%m.%Y");
  EXPECT_EQ(spec("13/04/2016", "12/04/2016").format, "%d/%m/%Y");
  EXPECT_EQ(spec("4/12/2016 12:00:00 AM", "4/13/2016 12:00:00 AM").type, ColumnType::date);
  EXPECT_EQ(spec("4/12/2016 1:00:00 PM", "4/13/2016 12:00:00 AM").type, ColumnType::datetime);
  EXPECT_EQ(spec("4/12/2016", "2016-x-1").type, ColumnType::category);
}

TEST(Draft, SaysWhenDatesAreAmbiguous) {
  const Draft got = draft("when,x\n4/5/2016,1\n5/5/2016,2\n", "", "");
  expect_parts(got.warnings, {"'when'", "%m/%d/%Y", "%d/%m/%Y"});
}

TEST(Draft, WarnsWhenRowsMayNotBePeople) {
  EXPECT_EQ(draft("patient_id,x\n1,1\n2,2\n", "", "").warnings, "");
  expect_parts(draft("patient_id,x\n1,1\n1,2\n2,3\n", "", "").warnings, {"'patient_id'", "subject"});
}

TEST(Draft, RepeatedRowsWithoutATime) {
  EXPECT_TRUE(draft("Id,x\n1,1\n1,2\n2,3\n", "Id", "").schema.repeated);
  EXPECT_FALSE(draft("Id,x\n1,1\n2,2\n3,3\n", "Id", "").schema.repeated);
}

TEST(Draft, RefusesWhatIsNotThere) {
  const auto refusal = [](const std::string& text, const std::string& subject, const std::string& time,
                          ErrorKind kind) { return error_of(kind, [&] { draft(text, subject, time); }); };
  expect_parts(refusal("a,b\n1,2\n", "Id", "", ErrorKind::input), {"'Id'", "'a', 'b'"});
  expect_parts(refusal("a,b\n1,2\n", "a", "day", ErrorKind::input), {"'day'"});
  expect_parts(refusal("a,b\n1,x\n", "a", "b", ErrorKind::input), {"'b'", "neither dates nor numbers"});
  expect_parts(refusal("a,b\n", "a", "", ErrorKind::input), {"no rows"});
  expect_parts(refusal("a,b\n1,2\n", "", "b", ErrorKind::usage), {"subject"});
}

}  // namespace
}  // namespace understudy
