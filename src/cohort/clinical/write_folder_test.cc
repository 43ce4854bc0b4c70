#include "cohort/clinical/write_folder.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "cohort/clinical/testing_folders.h"
#include "core/files.h"
#include "testing/difference.h"
#include "testing/kind_of.h"
#include "understudy/error.h"

namespace understudy {
namespace {

namespace fs = std::filesystem;

constexpr const char* kSchema = R"toml(
[schema]
subject = "person"
time = "hour"
time_type = "integer"
time_unit = "h"
time_minimum = 0
time_maximum = 47
[[column]]
name = "age"
type = "integer"
range = "catalogue:age"
static = true
[[column]]
name = "sex"
type = "category"
categories = ["F", "M"]
static = true
[[column]]
name = "died"
type = "boolean"
static = true
[[column]]
name = "height_cm"
type = "real"
range = "catalogue:height_cm"
decimals = 1
static = true
[[column]]
name = "heart_rate"
type = "real"
range = "catalogue:heart_rate"
decimals = 1
[[column]]
name = "body_temperature"
type = "real"
range = "catalogue:body_temperature"
decimals = 2
[[column]]
name = "creatinine"
type = "real"
range = "catalogue:creatinine"
decimals = 2
[[column]]
name = "urine_output"
type = "real"
range = "catalogue:urine_output"
decimals = 0
)toml";

constexpr const char* kCodes = R"toml(
[schema]
subject = "person"
[[column]]
name = "diagnoses"
type = "codes"
categories = ["icd9:428", "icd9:4280", "icd9:250", "icd9:V58"]
static = true
)toml";

// Three people, the second without a measurement.
Cohort small(bool has_codes) {
  Schema schema = parse_schema(kSchema, "test");
  if (has_codes) schema.columns.push_back(parse_schema(kCodes, "test").columns.front());
  Cohort cohort = make_cohort(schema);
  cohort.subjects = {"7", "8", "30"};
  cohort.statics.resize(3);
  cohort.series.resize(4);
  cohort.times.resize(4);
  cohort.offsets = {0, 3, 3, 4};
  const double ages[] = {70, 33, 90};
  for (std::int64_t s = 0; s < 3; ++s) {
    cohort.statics.column(0).set_number(s, ages[s]);
    cohort.statics.column(1).set_number(s, static_cast<double>(s % 2));
    cohort.statics.column(2).set_number(s, s == 2 ? 1 : 0);
  }
  cohort.statics.column(3).set_number(0, 171.5);
  if (has_codes) {
    cohort.statics.column(4).set_codes(0, {0, 3});
    cohort.statics.column(4).set_codes(2, {1});
  }
  const double hours[] = {0, 1, 47, 12}, temperatures[] = {36.55, 0, 38.1, 35.96};
  for (std::int64_t row = 0; row < 4; ++row) {
    cohort.times.set_number(row, hours[row]);
    cohort.series.column(0).set_number(row, 60.5 + static_cast<double>(row));
    if (row != 1) cohort.series.column(1).set_number(row, temperatures[row]);
    if (row == 2) cohort.series.column(2).set_number(row, 1.37);
    if (row == 3) cohort.series.column(3).set_number(row, 120);
  }
  return cohort;
}

class WriteFolderTest : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    path_ = testing::TempDir() + "written_" + GetParam();
    fs::remove_all(path_);
  }
  void TearDown() override { fs::remove_all(path_); }
  WriteReport write(const Cohort& cohort) const { return write_cohort(cohort, path_, {.writer = GetParam()}, {}); }
  Cohort read(const Schema& schema) const {
    ReadReport report;
    ReadOptions options;
    options.reader = GetParam();
    return read_cohort(std::vector<Source>{{.path = path_}}, schema, options, report, {});
  }

  static bool has_codes() {
    const std::string name = GetParam();
    return name != "physionet-2012" && name != "long";
  }

  std::string path_;
};

TEST_P(WriteFolderTest, ReadAgainGivesTheSameCohort) {
  const Cohort cohort = small(has_codes());
  write(cohort);
  EXPECT_EQ(difference(read(cohort.schema), cohort), "");
}

TEST_P(WriteFolderTest, SaysWhatItIs) {
  write(small(has_codes()));
  const std::string note = read_text(path_ + "/understudy.json");
  EXPECT_NE(note.find("\"synthetic\": true"), std::string::npos);
  EXPECT_FALSE(fs::exists(path_ + ".part"));
}

TEST_P(WriteFolderTest, RefusesAPathThatIsThere) {
  write(small(has_codes()));
  EXPECT_EQ(kind_of([&] { write(small(has_codes())); }), ErrorKind::usage);
}

INSTANTIATE_TEST_SUITE_P(Layouts, WriteFolderTest, testing::Values("mimic-iv", "mimic-iii", "eicu", "physionet-2012", "omop", "meds", "long"), [](const auto& test) {
  std::string name = test.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

// A cohort of the schema with one value of each series column in each row, the rows at these steps.
Cohort filled(const std::string& schema, const std::vector<double>& steps) {
  Cohort cohort = make_cohort(parse_schema(schema, "test"));
  cohort.subjects = {"5", "11"};
  cohort.statics.resize(2);
  const auto rows = static_cast<std::int64_t>(steps.size());
  cohort.series.resize(2 * rows);
  cohort.times.resize(2 * rows);
  cohort.offsets = {0, rows, 2 * rows};
  for (std::int64_t row = 0; row < 2 * rows; ++row) {
    cohort.times.set_number(row, steps[static_cast<std::size_t>(row % rows)]);
    for (std::size_t c = 0; c < cohort.series.width(); ++c) {
      cohort.series.column(c).set_number(row, 10 + static_cast<double>(row) + 3 * static_cast<double>(c));
    }
  }
  return cohort;
}

std::string written_and_read(const Cohort& cohort, const std::string& format, WriteReport* lost = nullptr) {
  const std::string path = testing::TempDir() + "written_by_hand_" + format;
  fs::remove_all(path);
  const WriteReport report = write_cohort(cohort, path, {.writer = format}, {});
  if (lost != nullptr) *lost = report;
  ReadReport read;
  ReadOptions options;
  options.reader = format;
  const std::string words = difference(read_cohort(std::vector<Source>{{.path = path}}, cohort.schema, options, read, {}), cohort);
  fs::remove_all(path);
  return words;
}

constexpr const char* kHours = R"toml(
[schema]
subject = "person"
time = "hour"
time_type = "integer"
time_unit = "h"
time_minimum = 0
time_maximum = 200
[[column]]
name = "age"
type = "integer"
range = "catalogue:age"
static = true
[[column]]
name = "sepsis"
type = "boolean"
static = true
[[column]]
name = "heart_rate"
type = "integer"
range = "catalogue:heart_rate"
[[column]]
name = "inspired_oxygen_percent"
type = "integer"
range = "catalogue:inspired_oxygen_percent"
)toml";

TEST(WritePhysionet2019, OneFileForEachPerson) {
  Cohort cohort = filled(kHours, {0, 3, 20});
  for (std::int64_t s = 0; s < 2; ++s) {
    cohort.statics.column(0).set_number(s, 60 + static_cast<double>(s));
    cohort.statics.column(1).set_number(s, static_cast<double>(s));
    for (std::int64_t row = 0; row < 3; ++row) {
      cohort.series.column(0).set_number(3 * s + row, 60 + static_cast<double>(row));
      cohort.series.column(1).set_number(3 * s + row, 30 + static_cast<double>(row));
    }
  }
  EXPECT_EQ(written_and_read(cohort, "physionet-2019"), "");
}

TEST(WriteFitbit, Days) {
  const std::string schema = R"toml(
[schema]
subject = "person"
time = "day"
time_type = "integer"
time_unit = "d"
time_minimum = 0
time_maximum = 100
[[column]]
name = "TotalSteps"
type = "integer"
minimum = 0
maximum = 100000
[[column]]
name = "TotalMinutesAsleep"
type = "integer"
minimum = 0
maximum = 1440
[[column]]
name = "WeightKg"
type = "real"
minimum = 0
maximum = 400
)toml";
  EXPECT_EQ(written_and_read(filled(schema, {0, 1, 5}), "fitbit"), "");
}

// Person 7 comes three times, the second time as the first ends; person 30 dies.
Cohort visits() {
  Schema schema = visit_schema();
  schema.columns.back().categories[2] = "icd10:I10";
  Cohort cohort = make_cohort(schema);
  cohort.subjects = {"7", "30"};
  cohort.statics.resize(2);
  cohort.statics.column(0).set_number(0, 61);
  cohort.statics.column(0).set_number(1, 70);
  cohort.series.resize(4);
  cohort.times.resize(4);
  cohort.offsets = {0, 3, 4};
  const double numbers[] = {0, 1, 2, 0}, days[] = {0, 0, 812.25, 0}, hours[] = {30.5, 2, 100, 47.1};
  for (std::int64_t row = 0; row < 4; ++row) {
    cohort.times.set_number(row, numbers[row]);
    if (numbers[row] > 0) cohort.series.column(0).set_number(row, days[row]);
    cohort.series.column(1).set_number(row, hours[row]);
    cohort.series.column(2).set_number(row, row == 3);
    if (row != 1) cohort.series.column(3).set_number(row, 60.75 + static_cast<double>(row));
    cohort.series.column(4).set_codes(row, row == 2 ? std::vector<std::int32_t>{} : std::vector<std::int32_t>{static_cast<std::int32_t>(row) % 2, 2});
  }
  return cohort;
}

TEST(WriteVisits, ReadAgainTheyAreTheSame) {
  for (const char* format : {"mimic-iv", "omop", "meds"}) {
    WriteReport report;
    EXPECT_EQ(written_and_read(visits(), format, &report), "") << format;
    EXPECT_TRUE(report.lost.empty()) << format;
  }
}

TEST(WriteVisits, MimicIiiHasNoTenthRevision) {
  WriteReport report;
  EXPECT_NE(written_and_read(visits(), "mimic-iii", &report), "");
  ASSERT_EQ(report.lost.size(), 1);
  EXPECT_NE(report.lost[0].what.find("codes that mimic-iii"), std::string::npos);
  EXPECT_EQ(report.lost[0].count, 3);
  Cohort old = visits();
  old.schema.columns.back().categories[2] = "icd9:401";
  EXPECT_EQ(written_and_read(old, "mimic-iii", &report), "");
}

TEST(WriteVisits, EicuHasAClockForEachStay) {
  WriteReport report;
  EXPECT_NE(written_and_read(visits(), "eicu", &report), "");
  ASSERT_EQ(report.lost.size(), 1);
  EXPECT_EQ(report.lost[0].count, 2);
  Cohort without = visits();
  std::erase_if(without.schema.columns, [](const ColumnSpec& spec) { return spec.name == "days_since_previous"; });
  without.series = make_cohort(without.schema).series;
  without.series.resize(4);
  for (std::size_t c = 0; c < without.series.width(); ++c) without.series.column(c) = visits().series.column(c + 1);
  EXPECT_EQ(written_and_read(without, "eicu", &report), "");
  without.schema.columns.back().categories = {"icd9:E8761", "icd10:E87", "icd10:E876"};  // what a dot tells apart
  EXPECT_EQ(written_and_read(without, "eicu", &report), "");
}

TEST(WriteVisits, WhatHasNoPlaceIsCounted) {
  Cohort cohort = visits();
  cohort.subjects.push_back("31");  // never came
  cohort.statics.resize(3);
  cohort.offsets.push_back(4);
  cohort.times.set_number(2, 5);
  WriteReport report;
  written_and_read(cohort, "omop", &report);
  ASSERT_EQ(report.lost.size(), 2);
  EXPECT_EQ(report.lost[0].what, "people without a visit");
  EXPECT_EQ(report.lost[1].count, 1);
  EXPECT_EQ(kind_of([&] { written_and_read(visits(), "physionet-2012"); }), ErrorKind::usage);
}

TEST(WriteFolder, SeveralColumnsOfCodes) {
  Schema schema = parse_schema(kCodes, "test");
  schema.columns.push_back(schema.columns.front());
  schema.columns.back().name = "other";
  schema.columns.back().categories = {"icd9:401", "icd9:584"};
  Cohort cohort = make_cohort(schema);
  cohort.subjects = {"7", "8"};
  cohort.statics.resize(2);
  cohort.statics.column(0).set_codes(0, {0, 2});
  cohort.statics.column(1).set_codes(0, {1});
  cohort.statics.column(1).set_codes(1, {0});
  EXPECT_EQ(written_and_read(cohort, "mimic-iv"), "");
}

TEST(WriteFolder, KeysThatWouldBecomeOneAreCounted) {
  Cohort cohort = filled(kHours, {0});
  cohort.subjects = {"007", "7"};
  for (std::int64_t row = 0; row < 2; ++row) {
    cohort.series.column(0).set_number(row, 60 + static_cast<double>(row));
    cohort.series.column(1).set_number(row, 30);
  }
  const std::string path = testing::TempDir() + "written_keys";
  fs::remove_all(path);
  write_cohort(cohort, path, {.writer = "mimic-iv"}, {});
  ReadReport report;
  ReadOptions options;
  options.reader = "mimic-iv";
  Schema schema = cohort.schema;
  std::erase_if(schema.columns, [](const ColumnSpec& spec) { return spec.name == "sepsis"; });
  const Cohort read = read_cohort(std::vector<Source>{{.path = path}}, schema, options, report, {});
  fs::remove_all(path);
  EXPECT_EQ(read.subjects, (std::vector<std::string>{"1", "2"}));
  EXPECT_EQ(read.series.column("heart_rate").number(1), 61);
}

TEST(WriteFolder, RowsBeforeTheStayAreLost) {
  Schema schema = parse_schema(kHours, "test");
  schema.time_spec.minimum = -5;
  Cohort cohort = filled(to_toml(schema), {-2, 0});
  const std::string path = testing::TempDir() + "written_before";
  fs::remove_all(path);
  const WriteReport report = write_cohort(cohort, path, {.writer = "eicu"}, {});
  fs::remove_all(path);
  ASSERT_EQ(report.lost.size(), 1);
  EXPECT_EQ(report.lost[0].count, 2);
}

TEST(WriteFolder, SaysWhatItCouldNotCarry) {
  std::string schema = kHours;
  schema += "[[column]]\nname = \"pain_score\"\ntype = \"integer\"\nrange = \"catalogue:pain_score\"\n";
  Cohort cohort = filled(schema, {0, 1});
  const std::string path = testing::TempDir() + "written_lossy";
  fs::remove_all(path);
  const WriteReport report = write_cohort(cohort, path, {.writer = "mimic-iv"}, {});
  fs::remove_all(path);
  ASSERT_EQ(report.lost.size(), 1);
  EXPECT_EQ(report.lost[0].count, 4);
  EXPECT_NE(report.lost[0].what.find("pain_score"), std::string::npos);
}

}  // namespace
}  // namespace understudy
