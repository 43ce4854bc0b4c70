#include "generators/understudy.h"

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
// one more, from 1 or 2; the ill also have a fever in every row, the others in none.
Cohort ward(std::int64_t count) {
  Schema schema;
  schema.name = "ward";
  schema.subject = "id";
  schema.time = "day";
  schema.time_spec = {.name = "day", .type = ColumnType::integer, .minimum = 0, .nullable = false};
  schema.columns = {{.name = "ill", .type = ColumnType::boolean, .categories = {"no", "yes"}, .nullable = false, .is_static = true},
                    {.name = "dose", .type = ColumnType::integer, .minimum = 0, .maximum = 20},
                    {.name = "fever", .type = ColumnType::boolean, .categories = {"no", "yes"}}};
  Cohort cohort = make_cohort(schema);
  cohort.statics.resize(count);
  std::vector<std::array<double, 3>> rows;
  Rng rng(1);
  for (std::int64_t s = 0; s < count; ++s) {
    const bool ill = s % 2 == 0;
    cohort.subjects.push_back("p" + std::to_string(s));
    cohort.statics.column(0).set_number(s, ill);
    const auto first = static_cast<int>(1 + rng.below(2));
    for (int row = 0; row < (ill ? 6 : 3); ++row) {
      rows.push_back({static_cast<double>(first + row), ill ? 1.0 : 0.0, static_cast<double>(ill ? row : 2 * row)});
    }
    cohort.offsets.push_back(static_cast<std::int64_t>(rows.size()));
  }
  cohort.series.resize(cohort.offsets.back());
  cohort.times.resize(cohort.offsets.back());
  for (std::size_t row = 0; row < rows.size(); ++row) {
    const auto at = static_cast<std::int64_t>(row);
    cohort.series.column(0).set_number(at, rows[row][0]);
    cohort.series.column(1).set_number(at, rows[row][1]);
    cohort.times.set_number(at, rows[row][2]);
  }
  return cohort;
}

class UnderstudyTest : public ::testing::Test {
 protected:
  UnderstudyTest() : path_(fmt::format("{}understudy_test_{}", ::testing::TempDir(), getpid())) {
    nn::use_one_thread();
    std::filesystem::remove(path_);
  }
  ~UnderstudyTest() override {
    for (const char* ending : {"", ".checkpoint"}) std::filesystem::remove(path_ + ending);
  }

  ModelPtr fit(const Cohort& cohort, std::int64_t steps, const Context& context = {}, const Checkpoint& checkpoint = {}) {
    Ledger ledger(path_);
    Options options{std::span<const OptionSpec>(kUnderstudyOptions)};
    options.set("least_steps", std::to_string(steps));
    options.set("hidden", "24");
    options.set("epochs", "1");
    options.set("learning_rate", "0.02");
    return std::get<Inside<ModelPtr>>(make_understudy()->fit(Vault(cohort, ledger), options, context, checkpoint)).value();
  }

  std::string path_;
};

// Statics, rows, gaps and values hang together as they did. Of 600 people, at most one in 25 may break a rule.
TEST_F(UnderstudyTest, LearnsWhatASubjectIsMadeOf) {
  const Cohort drawn = fit(ward(800), 600)->sample({600, {}}, {});
  int wrong_rows = 0, wrong_gaps = 0, wrong_doses = 0, wrong_fever = 0, ill_people = 0;
  for (std::int64_t s = 0; s < 600; ++s) {
    const bool ill = drawn.statics.column(0).number(s) == 1;
    ill_people += ill;
    wrong_rows += drawn.series_rows(s) != (ill ? 6 : 3);
    bool gaps = false, doses = false, fever = false;
    const std::int64_t first = drawn.offsets[static_cast<std::size_t>(s)];
    for (std::int64_t row = first; row < first + drawn.series_rows(s); ++row) {
      fever |= drawn.series.column(1).number(row) != (ill ? 1 : 0);
      if (row == first) continue;
      gaps |= drawn.times.number(row) - drawn.times.number(row - 1) != (ill ? 1 : 2);
      doses |= drawn.series.column(0).number(row) != drawn.series.column(0).number(row - 1) + 1;
    }
    wrong_gaps += gaps, wrong_doses += doses, wrong_fever += fever;
  }
  EXPECT_NEAR(ill_people, 300, 75);  // 6 standard deviations
  for (const int wrong : {wrong_rows, wrong_gaps, wrong_doses, wrong_fever}) EXPECT_LE(wrong, 24);
}

TEST_F(UnderstudyTest, AConditionLeadsTheRows) {
  const Cohort drawn = fit(ward(800), 600)->sample({200, {{"ill", "yes"}}}, {});
  int wrong = 0;
  for (std::int64_t s = 0; s < 200; ++s) {
    EXPECT_EQ(drawn.statics.column(0).number(s), 1);
    wrong += drawn.series_rows(s) != 6;
  }
  EXPECT_LE(wrong, 8);
}

TEST_F(UnderstudyTest, AnInterruptedTrainingGoesOn) {
  const Cohort cohort = ward(60);
  const Context context;
  const TensorFile whole = fit(cohort, 100, context)->save();
  std::atomic<bool> stop = false;
  Context stopping;
  stopping.cancelled = &stop;
  const Checkpoint kept{.path = path_ + ".checkpoint", .every_seconds = 0};
  for (const std::int64_t stop_at : {50, 150}) {  // within the statics, and within the rows
    stop = false;
    stopping.progress = [&](const Progress& p) { stop = p.stage == "training" && p.done >= stop_at; };
    EXPECT_EQ(kind_of([&] { fit(cohort, 100, stopping, kept); }), ErrorKind::cancelled);
  }
  const TensorFile on = fit(cohort, 100, context, kept)->save();
  for (const char* name : {"statics", "series"}) EXPECT_TRUE(on.tensor(name).bytes == whole.tensor(name).bytes) << name;
  EXPECT_EQ(kind_of([&] { fit(ward(61), 100, context, kept); }), ErrorKind::input);  // of another training
}

}  // namespace
}  // namespace understudy
