#include "cohort/clinical/testing_folders.h"

namespace understudy {
namespace {

const std::map<std::string, std::string> kNames = {
    {"patient", "subject"}, {"when", "time"}, {"test", "variable"}, {"result", "value"}};

Schema schema_of(const std::string& unit = "h") {
  Schema schema = series_schema({"pulse", "weight"}, unit);
  schema.columns[0].unit = "/min";
  schema.columns.push_back(test_column("sex", ColumnType::category));
  schema.columns.back().categories = {"F", "M"};
  schema.columns.back().is_static = true;
  return schema;
}

ClinicalRead read_rows(const std::string& rows, const Schema& schema = schema_of(), const ReadOptions& options = {}) {
  const std::string file = clinical_folder("long", {{"t.csv", "patient,when,test,result,unit\n" + rows}}) + "/t.csv";
  return read_clinical("long", {.path = file, .rename = kNames}, schema, options);
}

std::string refusal(const std::string& rows) {
  return error_of(ErrorKind::input, [&] { read_rows(rows); });
}

TEST(Long, NumbersAreStepsOfTheSchemasTime) {
  const std::string rows = "b,0,sex,F,\nb,1.5,pulse,80,/min\nb,1,pulse,90,\na,30,weight,70,kg\n";
  EXPECT_EQ(shown(read_rows(rows).cohort), (Texts{"a | 30 weight=70", "b sex=F | 1 pulse=85"}));
  EXPECT_EQ(shown(read_rows(rows, schema_of("min")).cohort), (Texts{"a | 30 weight=70", "b sex=F | 1 pulse=85"}));
  EXPECT_EQ(shown(read_rows(rows, schema_of("d")).cohort), (Texts{"a | 30 weight=70", "b sex=F | 1 pulse=85"}));
}

TEST(Long, TimesOfDayAndDates) {
  const std::string times = "a,00:59,pulse,80,\na,47:00:30,pulse,90,\n";
  EXPECT_EQ(shown(read_rows(times).cohort), (Texts{"a | 0 pulse=80 | 47 pulse=90"}));
  const std::string dates =
      "a,2020-01-01 10:30:00,pulse,80,\na,2020-01-02,pulse,90,\nb,2021-01-01T08:00:00,pulse,60,\n";
  EXPECT_EQ(shown(read_rows(dates).cohort), (Texts{"a | 0 pulse=80 | 13 pulse=90", "b | 0 pulse=60"}));
}

TEST(Long, ReadsParquetAndGzipAlike) {
  const std::string rows =
      "subject,time,variable,value\n1,2020-01-01 10:30:00,pulse,80\n1,2020-01-01 12:30:00,pulse,90\n";
  for (const char* name : {"t.csv", "t.csv.gz", "t.parquet"}) {
    const std::string file = clinical_folder("long", {{name, rows}}) + "/" + name;
    EXPECT_EQ(shown(read_clinical("long", {.path = file, .rename = {}}, schema_of()).cohort),
              (Texts{"1 | 0 pulse=80 | 2 pulse=90"}));
  }
}

TEST(Long, RefusesBadRows) {
  expect_parts(refusal("a,1,pulse,fast,\n"), {"t.csv", "pulse", "not a number", "'fast'", "person a, minute 60"});
  expect_parts(refusal("a,1,pulse,80,Hz\n"), {"in a unit that pulse is not known in", "80 Hz"});
  expect_parts(refusal("a,soon,pulse,80,\n"), {"without a time", "person a"});
  expect_parts(refusal("a,2020-01-01,pulse,80,\na,1,pulse,80,\n"), {"before the admission", "person a"});
  expect_parts(refusal("a,0,sex,X,\n"), {"not a declared category", "'X'"});
  expect_parts(refusal("a,1,pulse,80,\na,1,pulse,80,\n"), {"twice", "duplicates = first"});
}

TEST(Long, CountsWhatItLeavesOut) {
  const ClinicalRead got =
      read_rows("a,-1,pulse,80,\na,1,puls,80,\na,1,pulse,,\na,3,pulse,NA,\na,2,pulse,81,\n");
  EXPECT_EQ(shown(got.cohort), (Texts{"a | 2 pulse=81"}));
  EXPECT_EQ(left_out_of(got.report),
            (Texts{"columns without a measurement: weight, sex x 2", "of no variable of the schema x 1",
                   "outside the window of the stay x 1", "without a value x 2"}));
}

TEST(Long, NamesThatDoNotFit) {
  const std::string file = clinical_folder("long", {{"t.csv", "patient,when,test,result\n1,1,pulse,80\n"}}) + "/t.csv";
  const auto refused = [&](const std::map<std::string, std::string>& names) {
    return refusal_of("long", {.path = file, .rename = names}, schema_of());
  };
  expect_parts(refused({}), {"t.csv", "'subject'", "'patient'"});
  auto names = kNames;
  names["units"] = "unit";
  expect_parts(refused(names), {"'units'", "'unit'"});
  names = kNames;
  names["result"] = "time";
  expect_parts(refused(names), {"'time'", "twice"});
  Schema text = schema_of();
  text.columns.push_back(test_column("note", ColumnType::text));
  expect_parts(refusal_of("long", {.path = file, .rename = kNames}, text), {"'note'", "text"});
}

}  // namespace
}  // namespace understudy
