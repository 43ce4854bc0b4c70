#include "understudy/reader.h"

#include "cohort/testing_files.h"

namespace understudy {
namespace {

// Options that differ from the usual ones in one member.
template <class Member, class Value>
ReadOptions with(Member ReadOptions::*member, Value value) {
  ReadOptions options;
  options.*member = value;
  return options;
}

Schema days() {
  return parse_schema(R"(
[schema]
subject = "Id"
time = "Day"
[[column]]
name = "steps"
type = "integer"
minimum = 0
maximum = 50000
[[column]]
name = "km"
type = "real"
decimals = 2
[[column]]
name = "sex"
type = "category"
categories = ["F", "M"]
static = true
)",
                      "days.toml");
}

struct Read {
  Cohort cohort;
  ReadReport report;
};

Read read(const std::vector<Source>& sources, const Schema& schema, const ReadOptions& options = {}) {
  Read result;
  result.cohort = read_cohort(sources, schema, options, result.report, Context{});
  return result;
}

Read read_text_file(const std::string& text, const ReadOptions& options = {}, const std::string& name = "days.csv") {
  return read({{.path = test_file(name, text), .rename = {}}}, days(), options);
}

std::string refusal(const std::string& text, const ReadOptions& options = {}) {
  return error_of(ErrorKind::input, [&] { read_text_file(text, options); });
}

constexpr std::string_view kHeader = "Id,Day,steps,km,sex\n";
std::string table(const std::string& rows) { return std::string(kHeader) + rows; }

TEST(ReadCsv, SortsSubjectsByNumberAndRowsByTime) {
  const Read got = read_text_file(table("10,2020-01-02,5,1.234,F\n9,2020-01-01,7,,M\n10,2020-01-01,6,0.5,F\n"));
  const Cohort& cohort = got.cohort;
  EXPECT_EQ(cohort.subjects, (std::vector<std::string>{"9", "10"}));
  EXPECT_EQ(cohort.offsets, (std::vector<std::int64_t>{0, 1, 3}));
  EXPECT_EQ(cohort.times.number(1), 18262);  // 2020-01-01
  EXPECT_EQ(cohort.series.column("steps").number(1), 6);
  EXPECT_EQ(cohort.series.column("km").number(2), 1.23);
  EXPECT_FALSE(cohort.series.column("km").is_valid(0));
  EXPECT_EQ(cohort.statics.column("sex").number(0), 1);
  EXPECT_EQ(got.report.rows, 3);
  EXPECT_TRUE(got.report.problems.empty());
}

TEST(ReadCsv, TheOrderOfRowsDoesNotMatterAndSubjectsAreIndependent) {
  const std::string a = "1,2020-01-01,5,1,F\n1,2020-01-02,6,2,F\n";
  const std::string b = "x,2020-01-01,9,3,M\n";
  const Cohort first = read_text_file(table(a + b)).cohort;
  EXPECT_TRUE(first == read_text_file(table(b + a)).cohort);
  const Cohort alone = read_text_file(table(a)).cohort;
  EXPECT_TRUE(first.select(std::vector<std::int64_t>{0}) == alone);
}

TEST(ReadCsv, FindsTheDelimiterAndReadsWindowsLines) {
  const Cohort comma = read_text_file(table("1,2020-01-01,5,1.5,F\n")).cohort;
  EXPECT_TRUE(comma == read_text_file("Id;Day;steps;km;sex\r\n1;2020-01-01;5;1.5;F\r\n").cohort);
  EXPECT_TRUE(comma == read_text_file("Id\tDay\tsteps\tkm\tsex\n1\t2020-01-01\t5\t1.5\tF\n").cohort);
  EXPECT_TRUE(comma == read_text_file("\xEF\xBB\xBFId,Day,steps,km,sex\n1,2020-01-01,5,1.5,F\n").cohort);
  EXPECT_TRUE(
      comma ==
      read_text_file("Id;Day;steps;km;sex\n1;2020-01-01;5;1,5;F\n", with(&ReadOptions::decimal_comma, true)).cohort);
  EXPECT_TRUE(comma == read_text_file("sex,\"km\",steps,Day,Id,extra\n\"F\",1.5,5.0,2020-01-01,1,\"a,b\"\n").cohort);
}

TEST(ReadCsv, ReadsLatin1AndSaysWhenBytesAreNoUtf8) {
  Schema schema = parse_schema("[schema]\nsubject=\"Id\"\n[[column]]\nname=\"who\"\ntype=\"text\"\n", "t");
  const std::string path = test_file("latin.csv", "Id,who\n1,M\xfcller\n");
  const Cohort cohort = read({{.path = path, .rename = {}}}, schema, with(&ReadOptions::encoding, "latin-1")).cohort;
  EXPECT_EQ(cohort.statics.column("who").string(0), "M\xc3\xbcller");
  expect_parts(error_of(ErrorKind::input, [&] { read({{.path = path, .rename = {}}}, schema); }),
               {"latin.csv", "utf-8", "latin-1"});
  error_of(ErrorKind::usage,
           [&] { read({{.path = path, .rename = {}}}, schema, with(&ReadOptions::encoding, "ebcdic")); });
}

TEST(ReadCsv, LocatesABadCellFarDown) {
  std::string text(kHeader);
  for (int row = 0; row < 40001; ++row) {
    text += fmt::format("{},2020-01-01,{},1,F\n", row, row == 39999 ? std::string("abc") : std::string("12"));
  }
  expect_parts(refusal(text), {"days.csv line 40001, column 'steps': 'abc' is not an integer", "bad_cells = missing"});
  const Read got = read_text_file(text, with(&ReadOptions::bad_cells, BadCells::missing));
  ASSERT_EQ(got.report.problems.size(), 1U);
  EXPECT_EQ(got.report.problems[0].lines, (std::vector<std::int64_t>{40001}));
  EXPECT_EQ(got.report.problems[0].what, "not an integer");
  EXPECT_FALSE(got.cohort.series.column("steps").is_valid(39999));
  EXPECT_EQ(got.cohort.series.rows(), 40001);
}

TEST(ReadCsv, LinesCountBlankLinesAndQuotedBreaks) {
  expect_parts(refusal("Id,Day,steps,km,sex,note\n\n1,2020-01-01,1,1,F,\"two\nlines\"\n1,2020-01-02,x,1,F,\n"),
               {"line 5", "'x'"});
}

TEST(ReadCsv, EveryKindOfBadCell) {
  expect_parts(refusal(table("1,2020-01-01,50001,1,F\n")), {"'50001' is outside [0, 50000]"});
  expect_parts(refusal(table("1,2020-01-01,1.5,1,F\n")), {"'1.5' is not an integer"});
  expect_parts(refusal(table("1,2020-01-01,1,inf,F\n")), {"'inf' is not finite"});
  expect_parts(refusal(table("1,2020-01-01,1,1 km,F\n")), {"'1 km' is not a number"});
  expect_parts(refusal(table("1,2020-01-01,1,1,D\n")), {"column 'sex': 'D'", "declared category", "F, M"});
  expect_parts(refusal(table("1,1/2/2020,1,1,F\n")), {"column 'Day': '1/2/2020'", "not a date", "format"});
  expect_parts(refusal(table("1,2020-01-01 10:00:00,1,1,F\n")), {"time of day"});
  expect_parts(refusal(table(",2020-01-01,1,1,F\n")), {"line 2, column 'Id'", "no subject"});
  expect_parts(refusal(table("1,,1,1,F\n")), {"line 2, column 'Day'", "missing"});
  expect_parts(refusal(table("1,2020-01-01,1,1,F\n1,2020-01-02,1,1,M\n")), {"line 3, column 'sex': 'M'", "static"});
}

TEST(ReadCsv, BadCellsBecomeMissingAndRowsWithoutAPlaceAreLeftOut) {
  const Read got = read_text_file(table("1,2020-01-01,x,1,F\n,2020-01-02,1,1,F\n1,never,1,1,F\n1,2020-01-04,3,nan,M\n"),
                                  with(&ReadOptions::bad_cells, BadCells::missing));
  EXPECT_EQ(got.cohort.series.rows(), 2);
  EXPECT_EQ(got.cohort.statics.column("sex").number(0), 0);  // the earliest stays
  EXPECT_FALSE(got.cohort.series.column("km").is_valid(1));
  EXPECT_EQ(got.report.problems.size(), 4U);  // steps, subject, time, sex
  EXPECT_EQ(got.report.rows, 4);
}

TEST(ReadCsv, DuplicatesAreRefusedOrTheFirstIsKept) {
  const std::string text = table("1,2020-01-01,5,1,F\n1,2020-01-01,6,1,F\n");
  expect_parts(refusal(text), {"line 3", "duplicate of subject and time", "'1'", "duplicates = first"});
  const Read got = read_text_file(text, with(&ReadOptions::duplicates, Duplicates::first));
  EXPECT_EQ(got.cohort.series.rows(), 1);
  EXPECT_EQ(got.cohort.series.column("steps").number(0), 5);
  EXPECT_EQ(got.report.problems.at(0).count, 1);
}

TEST(ReadCsv, RefusesFilesThatAreNotTables) {
  expect_parts(error_of(ErrorKind::input, [] { read({{.path = "/nowhere/x.csv", .rename = {}}}, days()); }),
               {"/nowhere/x.csv"});
  expect_parts(
      error_of(ErrorKind::input, [] { read({{.path = test_folder() + "/none-*.csv", .rename = {}}}, days()); }),
      {"none-*"});
  expect_parts(refusal(""), {"empty"});
  expect_parts(refusal(table("")), {"header and no rows"});
  expect_parts(refusal(table("1,2020-01-01,5\n")), {"line 2", "3 cells", "5"});
  expect_parts(refusal(table("1,2020-01-01,5,1,F,extra\n")), {"line 2", "5"});
  expect_parts(refusal("Id,Day,steps,km,sex,km\n1,2020-01-01,5,1,F,1\n"), {"'km'", "twice"});
  expect_parts(refusal("Id,Day,steps,km\n1,2020-01-01,5,1\n"), {"'sex'", "'steps'"});
  expect_parts(refusal("Key,Day,steps,km,sex\n1,2020-01-01,5,1,F\n"), {"no column 'Id'", "'Key'"});
  expect_parts(refusal("Id;Day;steps;km;sex\n1;2020-01-01;5;1;F\n", with(&ReadOptions::delimiter, ',')),
               {"no column 'Id'", "separated by ';'"});
  error_of(ErrorKind::usage, [] { read({{.path = test_file("x.xlsx", "PK"), .rename = {}}}, days()); });
  expect_parts(error_of(ErrorKind::input, [] { read({{.path = test_file("x.parquet", "PK"), .rename = {}}}, days()); }),
               {"x.parquet"});
}

TEST(ReadCsv, GzipCutShortIsNoticed) {
  Cohort cohort = read_text_file(table("1,2020-01-01,5,1,F\n2,2020-01-01,6,1,M\n")).cohort;
  const std::string path = test_folder() + "/whole.csv.gz";
  write_cohort(cohort, path, Context{});
  EXPECT_TRUE(read({{.path = path, .rename = {}}}, days()).cohort == cohort);
  std::ifstream whole(path, std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(whole)), {});
  for (const std::size_t cut : {bytes.size() - 1, bytes.size() - 8, bytes.size() / 2, std::size_t{12}}) {
    const std::string part = test_file("cut.csv.gz", bytes.substr(0, cut));
    expect_parts(error_of(ErrorKind::input, [&] { read({{.path = part, .rename = {}}}, days()); }),
                 {"cut.csv.gz", "cut short"});
  }
  const std::string fake = test_file("fake.csv.gz", table("1,2020-01-01,5,1,F\n"));
  expect_parts(error_of(ErrorKind::input, [&] { read({{.path = fake, .rename = {}}}, days()); }), {"no gzip"});
}

TEST(Join, FullOuterOverFilesOfUnlikeForm) {
  Schema schema = days();
  schema.time_spec.format = "%m/%d/%Y";
  schema.columns.push_back(test_column("asleep", ColumnType::integer));
  const std::string activity =
      test_file("activity.csv", "Id,Day,steps,km\n2,4/12/2016,5,1\n1,4/12/2016,6,1\n1,4/13/2016,7,1\n");
  const std::string sleep =
      test_file("sleep.csv", "Id,SleepDay,asleep\n1,4/13/2016 12:00:00 AM,400\n3,4/12/2016 12:00:00 AM,300\n");
  const std::string person = test_file("person.csv", "Id,sex\n1,F\n3,M\n4,F\n");
  const Source joined = {.path = sleep, .rename = {{"SleepDay", "Day"}}};
  const Cohort cohort = read({{.path = activity, .rename = {}}, joined, {.path = person, .rename = {}}}, schema).cohort;
  EXPECT_EQ(cohort.subjects, (std::vector<std::string>{"1", "2", "3", "4"}));
  EXPECT_EQ(cohort.offsets, (std::vector<std::int64_t>{0, 2, 3, 4, 4}));
  EXPECT_FALSE(cohort.series.column("asleep").is_valid(0));
  EXPECT_EQ(cohort.series.column("asleep").number(1), 400);
  EXPECT_EQ(cohort.series.column("steps").number(1), 7);
  EXPECT_FALSE(cohort.series.column("steps").is_valid(3));
  EXPECT_FALSE(cohort.statics.column("sex").is_valid(1));
  EXPECT_TRUE(cohort ==
              read({{.path = person, .rename = {}}, joined, {.path = activity, .rename = {}}}, schema).cohort);
  expect_parts(error_of(ErrorKind::input,
                        [&] {
                          read({{.path = activity, .rename = {{"Nope", "Day"}}}}, schema);
                        }),
               {"'Nope'", "activity.csv"});
}

TEST(Join, FilesOfOnePatternAndOverlappingSources) {
  const std::string a = test_file("part-1.csv", table("1,2020-01-01,5,1,F\n"));
  const std::string b = test_file("part-2.csv", table("1,2020-01-02,bad,1,F\n2,2020-01-01,7,1,M\n"));
  const std::vector<Source> pattern = {{.path = test_folder() + "/part-?.csv", .rename = {}}};
  expect_parts(error_of(ErrorKind::input, [&] { read(pattern, days()); }), {"part-2.csv line 2", "'bad'"});
  const ReadOptions lenient = with(&ReadOptions::bad_cells, BadCells::missing);
  const Cohort cohort = read(pattern, days(), lenient).cohort;
  EXPECT_EQ(cohort.series.rows(), 3);
  EXPECT_TRUE(cohort == read({{.path = b, .rename = {}}, {.path = a, .rename = {}}}, days(), lenient).cohort);
  const std::vector<Source> twice = {{.path = a, .rename = {}}, {.path = a, .rename = {}}};
  expect_parts(error_of(ErrorKind::input, [&] { read(twice, days()); }), {"part-1.csv line 2", "duplicate"});
}

TEST(ReadCsv, RowsThatArePeople) {
  const Schema schema = parse_schema(
      "[schema]\nsubject=\"row\"\n[[column]]\nname=\"x\"\ntype=\"real\"\n"
      "[[column]]\nname=\"never\"\ntype=\"real\"\n",
      "t");
  const std::string path = test_file("rows.csv", "x,never\n3,\n1,NA\n3,NULL\n");
  const Cohort cohort = read({{.path = path, .rename = {}}}, schema).cohort;
  EXPECT_EQ(cohort.subjects, (std::vector<std::string>{"1", "2", "3"}));
  EXPECT_EQ(cohort.statics.column("x").number(1), 1);
  EXPECT_EQ(cohort.statics.column("never").validity().count(), 0);
}

TEST(ReadCsv, DatetimesInTheirZone) {
  const Schema schema = parse_schema(
      "[schema]\nsubject=\"Id\"\ntime=\"at\"\ntime_type=\"datetime\"\n"
      "[[column]]\nname=\"x\"\ntype=\"real\"\n",
      "t");
  const std::string path = test_file("zone.csv", "Id,at,x\n1,2020-07-01 12:00:00,1\n1,2020-07-01T12:30:00+00:00,2\n");
  const auto hour = [&](const ReadOptions& options, std::int64_t row) {
    return (read({{.path = path, .rename = {}}}, schema, options).cohort.times.number(row) - 18444 * 86400e6) / 3600e6;
  };
  EXPECT_EQ(hour({}, 0), 12);
  EXPECT_EQ(hour({}, 1), 12.5);
  EXPECT_EQ(hour(with(&ReadOptions::time_zone, "Europe/Berlin"), 0), 10);    // summer time
  EXPECT_EQ(hour(with(&ReadOptions::time_zone, "Europe/Berlin"), 1), 12.5);  // an offset of its own
  error_of(ErrorKind::usage, [&] { hour(with(&ReadOptions::time_zone, "Mars/Crater"), 0); });
}

Schema coded() {
  return parse_schema(R"(
[schema]
subject = "Id"
time = "Day"
[[column]]
name = "found"
type = "codes"
categories = ["I10", "E11", "J45", "none"]
max_codes = 2
[[column]]
name = "history"
type = "codes"
categories = ["x", "y"]
static = true
)",
                      "coded.toml");
}

Read read_coded(const std::string& rows, const ReadOptions& options = {}) {
  return read({{.path = test_file("coded.csv", "Id,Day,found,history\n" + rows), .rename = {}}}, coded(), options);
}

using Codes = std::vector<std::int32_t>;

TEST(ReadCodes, SetsInAnyOrderAndNothingIsTheEmptySet) {
  const Read result =
      read_coded("1,2020-01-01,E11; I10,\n1,2020-01-02,,y\n1,2020-01-03,NA,y\n1,2020-01-04,;J45;J45;,\n");
  const Column& found = result.cohort.series.column("found");
  EXPECT_EQ(found.codes(0), (Codes{0, 1}));
  EXPECT_TRUE(found.codes(1).empty());
  EXPECT_TRUE(found.codes(2).empty());
  EXPECT_EQ(found.codes(3), (Codes{2}));
  EXPECT_EQ(result.cohort.statics.column("history").codes(0), (Codes{1}));  // an empty cell says nothing of a static
  EXPECT_TRUE(result.report.problems.empty());
}

TEST(ReadCodes, UndeclaredCodesAreRefusedOrLeftOut) {
  const std::string rows = "1,2020-01-01,I10;Z99,x\n1,2020-01-02,J45,y\n";
  expect_parts(error_of(ErrorKind::input, [&] { read_coded("1,2020-01-01,I10;Z99,x\n"); }),
               {"line 2", "'found'", "'Z99'", "I10, E11"});
  expect_parts(error_of(ErrorKind::input, [&] { read_coded("1,2020-01-01,,x\n1,2020-01-02,,x;y\n"); }),
               {"line 3", "'history'", "'x;y'", "unlike"});
  const Read result = read_coded(rows, with(&ReadOptions::bad_cells, BadCells::missing));
  EXPECT_EQ(result.cohort.series.column("found").codes(0), (Codes{0}));
  EXPECT_EQ(result.cohort.statics.column("history").codes(0), (Codes{0}));
  ASSERT_EQ(result.report.problems.size(), 2U);
  EXPECT_EQ(result.report.problems[0].column, "found");
  EXPECT_EQ(result.report.problems[0].lines, (std::vector<std::int64_t>{2}));
}

TEST(ReadCodes, OnlyTheFirstOfTooManyCount) {
  const Read result = read_coded("1,2020-01-01,none;J45;E11;I10,\n1,2020-01-02,I10;E11;E11,\n");
  EXPECT_EQ(result.cohort.series.column("found").codes(0), (Codes{0, 1}));
  EXPECT_EQ(result.cohort.series.column("found").codes(1), (Codes{0, 1}));
  ASSERT_EQ(result.report.problems.size(), 1U);
  EXPECT_EQ(result.report.problems[0].count, 1);
  expect_parts(result.report.problems[0].what, {"max_codes = 2"});
}

// Rows that only another file has hold no codes.
TEST(ReadCodes, JoinsFiles) {
  Schema schema = coded();
  schema.columns.push_back(test_column("steps", ColumnType::integer));
  const std::string found = test_file("found.csv", "Id,Day,found,history\n1,2020-01-01,J45,x\n");
  const std::string steps = test_file("steps.csv", "Id,Day,steps\n1,2020-01-02,7\n");
  const Read result = read({{.path = found, .rename = {}}, {.path = steps, .rename = {}}}, schema);
  EXPECT_EQ(result.cohort.series.column("found").codes(0), (Codes{2}));
  EXPECT_TRUE(result.cohort.series.column("found").codes(1).empty());
  EXPECT_EQ(result.cohort.statics.column("history").codes(0), (Codes{0}));
}

}  // namespace
}  // namespace understudy
