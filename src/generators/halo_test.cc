#include "generators/halo.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <filesystem>

#include "nn/serial.h"
#include "testing/kind_of.h"
#include "understudy/error.h"

namespace understudy {
namespace {

// Half of the people are ill. The ill have 6 rows a day apart, the others 3, two days apart. A row's dose is the one before and
// one more, from 1 or 2. The ill have the code "fever" in every row, the others in none; "rash" is there in every second row.
Cohort ward(std::int64_t count) {
  Schema schema;
  schema.name = "ward";
  schema.subject = "id";
  schema.time = "day";
  schema.time_spec = {.name = "day", .type = ColumnType::integer, .minimum = 0, .nullable = false};
  schema.columns = {{.name = "ill", .type = ColumnType::boolean, .categories = {"no", "yes"}, .nullable = false, .is_static = true},
                    {.name = "dose", .type = ColumnType::integer, .minimum = 0, .maximum = 20},
                    {.name = "found", .type = ColumnType::codes, .categories = {"fever", "rash"}, .max_codes = 2}};
  Cohort cohort = make_cohort(schema);
  cohort.statics.resize(count);
  struct Row {
    double dose = 0, day = 0;
    std::vector<std::int32_t> found;
  };
  std::vector<Row> rows;
  Rng rng(1);
  for (std::int64_t s = 0; s < count; ++s) {
    const bool ill = s % 2 == 0;
    cohort.subjects.push_back("p" + std::to_string(s));
    cohort.statics.column(0).set_number(s, ill);
    const auto first = static_cast<int>(1 + rng.below(2));
    for (int row = 0; row < (ill ? 6 : 3); ++row) {
      std::vector<std::int32_t> found;
      if (ill) found.push_back(0);
      if (row % 2 == 1) found.push_back(1);
      rows.push_back({static_cast<double>(first + row), static_cast<double>(ill ? row : 2 * row), found});
    }
    cohort.offsets.push_back(static_cast<std::int64_t>(rows.size()));
  }
  cohort.series.resize(cohort.offsets.back());
  cohort.times.resize(cohort.offsets.back());
  for (std::size_t row = 0; row < rows.size(); ++row) {
    const auto at = static_cast<std::int64_t>(row);
    cohort.series.column(0).set_number(at, rows[row].dose);
    cohort.series.column(1).set_codes(at, rows[row].found);
    cohort.times.set_number(at, rows[row].day);
  }
  return cohort;
}

class HaloTest : public ::testing::Test {
 protected:
  HaloTest() : path_(fmt::format("{}halo_test_{}", ::testing::TempDir(), getpid())) {
    nn::use_one_thread();
    std::filesystem::remove(path_);
  }
  ~HaloTest() override {
    for (const char* ending : {"", ".checkpoint"}) std::filesystem::remove(path_ + ending);
  }

  ModelPtr fit(const Cohort& cohort, std::int64_t steps, const Context& context = {}, const Checkpoint& checkpoint = {},
               std::int64_t most_visits = 0) {
    Ledger ledger(path_);
    Options options{std::span<const OptionSpec>(kHaloOptions)};
    options.set("least_steps", std::to_string(steps));
    options.set("epochs", "1");
    options.set("layers", "1");
    options.set("width", "32");
    options.set("context", std::to_string(most_visits));
    options.set("learning_rate", "0.01");
    return std::get<Inside<ModelPtr>>(make_halo()->fit(Vault(cohort, ledger), options, context, checkpoint)).value();
  }

  std::string path_;
};

// Statics, rows, gaps, values and codes hang together as they did. Of 600 people, at most one in 25 may break a rule.
TEST_F(HaloTest, LearnsWhatASubjectIsMadeOf) {
  const Cohort drawn = fit(ward(400), 500)->sample({600, {}}, {});
  int wrong_rows = 0, wrong_gaps = 0, wrong_doses = 0, wrong_codes = 0, ill_people = 0;
  for (std::int64_t s = 0; s < 600; ++s) {
    const bool ill = drawn.statics.column(0).number(s) == 1;
    ill_people += ill;
    wrong_rows += drawn.series_rows(s) != (ill ? 6 : 3);
    bool gaps = false, doses = false, codes = false;
    const std::int64_t first = drawn.offsets[static_cast<std::size_t>(s)];
    for (std::int64_t row = first; row < first + drawn.series_rows(s); ++row) {
      std::vector<std::int32_t> expected;
      if (ill) expected.push_back(0);
      if ((row - first) % 2 == 1) expected.push_back(1);
      codes |= drawn.series.column(1).codes(row) != expected;
      if (row == first) continue;
      gaps |= drawn.times.number(row) - drawn.times.number(row - 1) != (ill ? 1 : 2);
      doses |= drawn.series.column(0).number(row) != drawn.series.column(0).number(row - 1) + 1;
    }
    wrong_gaps += gaps, wrong_doses += doses, wrong_codes += codes;
  }
  EXPECT_NEAR(ill_people, 300, 75);  // 6 standard deviations
  for (const int wrong : {wrong_rows, wrong_gaps, wrong_doses, wrong_codes}) EXPECT_LE(wrong, 24);
}

TEST_F(HaloTest, AConditionLeadsTheRows) {
  const Cohort drawn = fit(ward(400), 500)->sample({200, {{"ill", "yes"}}}, {});
  int wrong = 0;
  for (std::int64_t s = 0; s < 200; ++s) {
    EXPECT_EQ(drawn.statics.column(0).number(s), 1);
    wrong += drawn.series_rows(s) != 6;
  }
  EXPECT_LE(wrong, 8);
}

// As published: what does not fit is left out.
TEST_F(HaloTest, RowsBeyondTheContextAreLeftOut) {
  const Cohort drawn = fit(ward(200), 200, {}, {}, 6)->sample({100, {}}, {});
  std::int64_t longest = 0;
  for (std::int64_t s = 0; s < 100; ++s) longest = std::max(longest, drawn.series_rows(s));
  EXPECT_EQ(longest, 4);
}

TEST_F(HaloTest, AnInterruptedTrainingGoesOn) {
  const Cohort cohort = ward(60);
  const Context context;
  const TensorFile whole = fit(cohort, 200, context)->save();
  std::atomic<bool> stop = false;
  Context stopping;
  stopping.cancelled = &stop;
  const Checkpoint kept{.path = path_ + ".checkpoint", .every_seconds = 0};
  for (const std::int64_t stop_at : {50, 150}) {
    stop = false;
    stopping.progress = [&](const Progress& p) { stop = p.stage == "training" && p.done >= stop_at; };
    EXPECT_EQ(kind_of([&] { fit(cohort, 200, stopping, kept); }), ErrorKind::cancelled);
  }
  EXPECT_TRUE(fit(cohort, 200, context, kept)->save().tensor("network").bytes == whole.tensor("network").bytes);
  EXPECT_EQ(kind_of([&] { fit(ward(61), 200, context, kept); }), ErrorKind::input);  // of another training
}

// Refused before there is an attempt to make room for it.
TEST_F(HaloTest, AFileThatClaimsALargeNetworkIsRefused) {
  TensorFile file = fit(ward(20), 2)->save();
  EXPECT_EQ(make_halo()->load(file)->schema().name, "ward");
  for (const char* name : {"layers", "context"}) {
    TensorFile other = file;
    other.metadata["network"][name] = name == std::string("layers") ? 256 : 100000;
    EXPECT_EQ(kind_of([&] { make_halo()->load(other); }), ErrorKind::input) << name;
  }
  file.metadata["network"]["width"] = 33;  // no multiple of the heads
  EXPECT_EQ(kind_of([&] { make_halo()->load(file); }), ErrorKind::input);
}

}  // namespace
}  // namespace understudy
