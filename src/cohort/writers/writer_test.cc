#include <sys/resource.h>

#include <csignal>
#include <iterator>

#include "cohort/database.h"
#include "cohort/testing_files.h"
#include "understudy/reader.h"

namespace understudy {
namespace {

// Every type, awkward texts, missing values.
Cohort awkward() {
  Schema schema;
  schema.subject = std::string("a \"key\"");
  schema.time = std::string("at");
  schema.time_spec = test_column("at", ColumnType::datetime);
  schema.columns = {test_column("real", ColumnType::real),     test_column("rounded", ColumnType::real),
                    test_column("whole", ColumnType::integer), test_column("kind", ColumnType::category),
                    test_column("flag", ColumnType::boolean),  test_column("day", ColumnType::date),
                    test_column("note", ColumnType::text),     test_column("age", ColumnType::integer),
                    test_column("found", ColumnType::codes),   test_column("history", ColumnType::codes)};
  schema.columns[1].decimals = 2;
  schema.columns[3].categories = {"a,b", "NA", "\"q\""};
  schema.columns[4].categories = {"false", "true"};
  schema.columns[5].format = std::string("%d.%m.%Y");
  schema.columns[7].is_static = true;
  schema.columns[8].categories = {"I10", "a,b", "\"q\"", "NA", "12"};
  schema.columns[8].nullable = false;
  schema.columns[9].categories = {"x", "y z"};
  schema.columns[9].is_static = true;
  schema.validate();
  Cohort cohort = make_cohort(schema);
  cohort.subjects = {"7", "x'y"};
  cohort.statics.resize(2);
  cohort.statics.column(0).set_number(1, 44);
  cohort.series.resize(4);
  cohort.times.resize(4);
  cohort.offsets = {0, 1, 4};
  for (std::int64_t row = 0; row < 4; ++row) {
    const auto step = static_cast<double>(row);
    cohort.times.set_number(row, 1.5e15 + step * 1e6 + (row == 2 ? 250000 : 0));
    cohort.series.column(0).set_number(row, 1.0 / (step + 3));
    cohort.series.column(1).set_number(row, step + 0.25);
    if (row != 1) cohort.series.column(2).set_number(row, -1e15 * step);
    if (row < 3) cohort.series.column(3).set_number(row, step);
    cohort.series.column(4).set_number(row, row % 2);
    cohort.series.column(5).set_number(row, 16903 + step);
  }
  cohort.series.column(6).set_string(0, "two\nlines, \"quoted\"");
  cohort.series.column(6).set_string(2, "\xc3\xa9 ");
  cohort.series.column(7).set_codes(0, {0, 1, 2, 3, 4});
  cohort.series.column(7).set_codes(1, {3});
  cohort.series.column(7).set_codes(3, {4});
  cohort.statics.column(1).set_codes(1, {0, 1});
  return cohort;
}

std::string bytes_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

Cohort read_back(const std::string& path, const Schema& schema) {
  ReadReport report;
  const std::vector<Source> sources = {{.path = path, .rename = {}}};
  return read_cohort(sources, schema, {}, report, Context{});
}

class Writer : public testing::TestWithParam<const char*> {};

TEST_P(Writer, ReadsBackTheSame) {
  const Cohort cohort = awkward();
  const std::string path = test_folder() + "/back" + GetParam();
  write_cohort(cohort, path, Context{});
  EXPECT_TRUE(read_back(path, cohort.schema) == cohort) << bytes_of(path).substr(0, 800);
  EXPECT_FALSE(std::filesystem::exists(path + ".part"));
}

TEST_P(Writer, SameBytesWithAnyNumberOfThreads) {
  const Cohort cohort = awkward();
  const std::string path = test_folder() + "/one" + GetParam();
  const std::string other = test_folder() + "/four" + GetParam();
  write_cohort(cohort, path, Context{});
  Context four;
  four.threads = 4;
  write_cohort(cohort, other, four);
  EXPECT_TRUE(bytes_of(path) == bytes_of(other));
}

INSTANTIATE_TEST_SUITE_P(Formats, Writer,
                         testing::Values(".csv", ".csv.gz", ".tsv", ".parquet", ".json", ".ndjson", ".jsonl.gz"));

TEST(WriteCsv, LooksAsDocumented) {
  const Schema schema = parse_schema(
      "[schema]\nsubject=\"Id\"\ntime=\"Day\"\n[[column]]\nname=\"km\"\ntype=\"real\"\n"
      "decimals=1\n[[column]]\nname=\"age\"\ntype=\"integer\"\nstatic=true\n",
      "t");
  Cohort cohort = make_cohort(schema);
  cohort.subjects = {"p"};
  cohort.statics.resize(1);
  cohort.series.resize(2);
  cohort.times.resize(2);
  cohort.offsets = {0, 2};
  cohort.statics.column(0).set_number(0, 30);
  cohort.times.set_number(0, 0);
  cohort.times.set_number(1, 1);
  cohort.series.column(0).set_number(0, 2.26);
  const std::string path = test_folder() + "/plain.csv";
  write_cohort(cohort, path, Context{});
  EXPECT_EQ(bytes_of(path), "Id,Day,age,km\np,1970-01-01,30,2.3\np,1970-01-02,30,\n");
}

TEST(WriteCsv, CodesAreJoinedAndNoneIsEmpty) {
  const Schema schema = parse_schema(
      "[schema]\nsubject=\"Id\"\n[[column]]\nname=\"found\"\ntype=\"codes\"\ncategories=[\"b\", \"a\"]\n", "t");
  Cohort cohort = make_cohort(schema);
  cohort.subjects = {"p", "q"};
  cohort.statics.resize(2);
  cohort.statics.column(0).set_codes(0, {1, 0});
  const std::string path = test_folder() + "/codes.csv";
  write_cohort(cohort, path, Context{});
  EXPECT_EQ(bytes_of(path), "Id,found\np,b;a\nq,\n");
  write_cohort(cohort, test_folder() + "/codes.ndjson", Context{});
  expect_parts(bytes_of(test_folder() + "/codes.ndjson"), {R"("found":"b;a")", R"("found":null)"});
}

TEST(WriteCsv, RowsThatArePeopleHaveNoSubjectColumn) {
  const Schema schema = parse_schema("[schema]\nsubject=\"row\"\n[[column]]\nname=\"x\"\ntype=\"integer\"\n", "t");
  Cohort cohort = make_cohort(schema);
  cohort.subjects = {"1", "2"};
  cohort.statics.resize(2);
  cohort.statics.column(0).set_number(1, 5);
  const std::string path = test_folder() + "/rows.csv";
  write_cohort(cohort, path, Context{});
  EXPECT_EQ(bytes_of(path).substr(0, 2), "x\n");
}

TEST(WriteCohort, WarnsOfSubjectsWithoutRows) {
  Cohort cohort = awkward();
  cohort.subjects.emplace_back("z");
  cohort.statics.resize(3);
  cohort.offsets.push_back(4);
  Context context;
  std::string warning;
  context.warn = [&](std::string_view text) { warning = text; };
  write_cohort(cohort, test_folder() + "/empty.csv", context);
  expect_parts(warning, {"1 subjects"});
}

TEST(WriteCohort, LeavesNothingHalfWritten) {
  const Cohort cohort = awkward();
  error_of(ErrorKind::input, [&] { write_cohort(cohort, "/nowhere/x.csv", Context{}); });
  error_of(ErrorKind::usage, [&] { write_cohort(cohort, test_folder() + "/x.xlsx", Context{}); });
  const std::vector<std::int64_t> many(20000, 1);
  const Cohort large = cohort.select(many);
  rlimit old{};
  getrlimit(RLIMIT_FSIZE, &old);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  for (const char* ending : {".csv", ".csv.gz", ".parquet", ".json"}) {
    const std::string path = test_file(std::string("full") + ending, "old");
    rlimit small = old;
    small.rlim_cur = 1000;  // bytes of a file: what a full disk looks like
    setrlimit(RLIMIT_FSIZE, &small);
    const std::string message = error_of(ErrorKind::input, [&] { write_cohort(large, path, Context{}); });
    setrlimit(RLIMIT_FSIZE, &old);
    expect_parts(message, {path});
    EXPECT_TRUE(bytes_of(path) == "old") << path;
    EXPECT_FALSE(std::filesystem::exists(path + ".part"));
  }
  std::signal(SIGXFSZ, handler);
}

TEST(WriteParquet, SaysWhetherThePeopleExist) {
  for (const bool synthetic : {true, false}) {
    const std::string path = test_folder() + "/marked.parquet";
    std::filesystem::remove(path);
    write_cohort(awkward(), path, {.synthetic = synthetic}, Context{});
    Database database({.paths = {path}});
    Result result = database.query(fmt::format("SELECT count(*) FROM parquet_kv_metadata({}) WHERE decode(key) = 'synthetic'", sql_text(path)));
    result.next();
    EXPECT_EQ(result.values<std::int64_t>(0)[0], synthetic ? 1 : 0);
  }
}

}  // namespace
}  // namespace understudy
