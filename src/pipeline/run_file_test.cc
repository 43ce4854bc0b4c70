#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "core/files.h"
#include "understudy/error.h"
#include "understudy/pipeline.h"

namespace understudy {
namespace {

std::string write_run_file(const std::string& text) {
  const std::string path = testing::TempDir() + "/run.toml";
  write_atomically(path, text);
  return path;
}

ErrorKind kind_of(const std::string& text) {
  try {
    read_run_file(write_run_file(text));
  } catch (const Error& error) {
    return error.kind();
  }
  return ErrorKind::internal;
}

const std::string kData = "[data]\nfiles = [\"a.csv\"]\nschema = \"a.toml\"\n";

TEST(RunFile, ReadsEverySection) {
  setenv("UNDERSTUDY_TEST_FOLDER", "/data", 1);
  const RunRequest request = read_run_file(write_run_file(R"(
[run]
name = "fitbit"
[data]
files = ["$UNDERSTUDY_TEST_FOLDER/day.csv", {path = "${UNDERSTUDY_TEST_FOLDER}/sleep.csv", rename = {SleepDay = "Day"}}]
schema = "fitbit.schema.toml"
delimiter = ";"
decimal_comma = true
bad_cells = "missing"
duplicates = "first"
[vault]
path = "ledger.jsonl"
[split]
holdout = 0.25
[generator]
name = "gan"
[generator.options]
steps = 100
learning_rate = 0.5
objective = "wgan-gp"
[privacy]
none = "open data"
[sample]
subjects = 12
[evaluate]
metrics = ["ks"]
[release]
key = "$UNDERSTUDY_TEST_FOLDER/hospital"
)"));
  EXPECT_EQ(request.key, "/data/hospital");
  EXPECT_EQ(request.name, "fitbit");
  ASSERT_EQ(request.data.sources.size(), 2U);
  EXPECT_EQ(request.data.sources[0].path, "/data/day.csv");
  EXPECT_EQ(request.data.sources[1].path, "/data/sleep.csv");
  EXPECT_EQ(request.data.sources[1].rename.at("SleepDay"), "Day");
  EXPECT_EQ(request.data.schema, (std::filesystem::path(testing::TempDir()) / "fitbit.schema.toml").string());
  EXPECT_EQ(request.data.options.delimiter, ';');
  EXPECT_TRUE(request.data.options.decimal_comma);
  EXPECT_EQ(request.data.options.bad_cells, BadCells::missing);
  EXPECT_EQ(request.data.options.duplicates, Duplicates::first);
  EXPECT_EQ(request.data.ledger, "ledger.jsonl");
  EXPECT_DOUBLE_EQ(request.holdout, 0.25);
  const std::vector<std::pair<std::string, std::string>> options = {
      {"learning_rate", "0.5"}, {"objective", "wgan-gp"}, {"steps", "100"}};
  EXPECT_EQ(request.generator.options, options);
  EXPECT_EQ(request.generator.no_privacy, "open data");
  EXPECT_EQ(request.sample_subjects, 12);
  EXPECT_EQ(request.metrics, std::vector<std::string>{"ks"});
}

TEST(RunFile, DefaultsAreStated) {
  const RunRequest request = read_run_file(write_run_file(kData));
  EXPECT_EQ(request.name, "run");
  EXPECT_DOUBLE_EQ(request.holdout, 0.5);
  EXPECT_EQ(request.sample_subjects, 0);
  EXPECT_TRUE(request.generator.no_privacy.empty());
}

TEST(RunFile, RefusesWhatItDoesNotKnow) {
  EXPECT_EQ(kind_of(kData + "[generatr]\n"), ErrorKind::usage);
  EXPECT_EQ(kind_of(kData + "[split]\nholduot = 0.5\n"), ErrorKind::usage);
  EXPECT_EQ(kind_of(kData + "[split]\nholdout = 1.0\n"), ErrorKind::usage);
  EXPECT_EQ(kind_of(kData + "[split]\nholdout = \"half\"\n"), ErrorKind::usage);
  EXPECT_EQ(kind_of(kData + "[generator]\noptions = 3\n"), ErrorKind::usage);
  EXPECT_EQ(kind_of("[data]\nfiles = [\"a.csv\"]\n"), ErrorKind::usage);
  EXPECT_EQ(kind_of("[data]\nsimulator = \"wearable\"\n"), ErrorKind::usage);
  EXPECT_EQ(kind_of("[data]\nfiles = [\"$UNDERSTUDY_NOWHERE/a.csv\"]\nschema = \"a.toml\"\n"), ErrorKind::usage);
  EXPECT_EQ(kind_of("[data\n"), ErrorKind::usage);
}

}  // namespace
}  // namespace understudy
