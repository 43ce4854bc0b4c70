#include "generators/panel/panel_fit.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <map>

#include "generators/diffusion_ts.h"
#include "generators/kovae.h"
#include "generators/timegan.h"
#include "nn/serial.h"
#include "testing/kind_of.h"
#include "understudy/error.h"

namespace understudy {
namespace {

using Settings = std::map<std::string, std::string>;

// Half of the people are ill. The ill have 6 rows a day apart and levels around 8, the others 3, two days apart, around 2.
Cohort ward(std::int64_t count) {
  Schema schema;
  schema.name = "ward";
  schema.subject = "id";
  schema.time = "day";
  schema.time_spec = {.name = "day", .type = ColumnType::integer, .minimum = 0, .nullable = false};
  schema.columns = {{.name = "ill", .type = ColumnType::boolean, .categories = {"no", "yes"}, .nullable = false, .is_static = true},
                    {.name = "level", .type = ColumnType::real, .minimum = 0, .maximum = 10}};
  Cohort cohort = make_cohort(schema);
  cohort.statics.resize(count);
  std::int64_t rows = 0;
  for (std::int64_t s = 0; s < count; ++s) {
    cohort.subjects.push_back("p" + std::to_string(s));
    cohort.offsets.push_back(rows += s % 2 == 0 ? 6 : 3);
  }
  cohort.series.resize(rows);
  cohort.times.resize(rows);
  Rng rng(1);
  for (std::int64_t s = 0; s < count; ++s) {
    const bool ill = s % 2 == 0;
    cohort.statics.column(0).set_number(s, ill);
    const std::int64_t first = cohort.offsets[static_cast<std::size_t>(s)];
    for (std::int64_t i = 0; i < cohort.series_rows(s); ++i) {
      const std::int64_t row = first + i;
      cohort.series.column(0).set_number(row, (ill ? 8 : 2) + rng.uniform(-1, 1));
      cohort.times.set_number(row, static_cast<double>(ill ? i : 2 * i));
    }
  }
  return cohort;
}

struct Case {
  const char* name;
  const PanelMethod& (*method)();
  Settings quick, learning;
  std::vector<std::int64_t> stops = {50};  // steps after which a training is interrupted
};

class PanelFit : public ::testing::TestWithParam<Case> {
 protected:
  PanelFit() : path_(fmt::format("{}panel_fit_test_{}", ::testing::TempDir(), getpid())) {
    nn::use_one_thread();
    std::filesystem::remove(path_);
  }
  ~PanelFit() override {
    for (const char* ending : {"", ".checkpoint"}) std::filesystem::remove(path_ + ending);
  }

  ModelPtr fit(const Cohort& cohort, const Settings& settings, const Context& context = {}, const Checkpoint& checkpoint = {}) {
    Ledger ledger(path_);
    const PanelMethod& method = GetParam().method();
    Options options(method.options);
    for (const auto& [name, value] : settings) options.set(name, value);
    return std::get<Inside<ModelPtr>>(make_panel_generator(method)->fit(Vault(cohort, ledger), options, context, checkpoint)).value();
  }

  std::string path_;
};

// Statics, rows, gaps and values hang together. Of 400 people at most one in ten may break a rule; half of them would if the
// four were drawn apart.
// Random numbers hang on a subject's key: they are the same whoever else is there.
TEST(PanelData, ASubjectsNumbersAreItsOwn) {
  const at::Tensor panels = at::zeros({3, 2, 1});
  const PanelData all{.panels = panels, .rng = Rng(1), .keys = {"a", "b", "c"}};
  const PanelData without{.panels = panels.narrow(0, 0, 2), .rng = Rng(1), .keys = {"a", "c"}};
  const std::vector<std::int64_t> c = {2}, c_without = {1}, b = {1};
  const nn::Turn turn{.step = 3, .number = 1};
  EXPECT_TRUE(all.normals("noise", turn, c, {4}).equal(without.normals("noise", turn, c_without, {4})));
  EXPECT_TRUE(all.uniforms("noise", turn, c, {4}).equal(without.uniforms("noise", turn, c_without, {4})));
  EXPECT_TRUE(all.below("noise", turn, c, 1 << 30).equal(without.below("noise", turn, c_without, 1 << 30)));
  EXPECT_FALSE(all.normals("noise", turn, c, {4}).equal(all.normals("noise", turn, b, {4})));
}

TEST_P(PanelFit, LearnsWhatASubjectIsMadeOf) {
  Context context;
  context.threads = 2;
  const ModelPtr model = fit(ward(400), GetParam().learning, context);
  const Cohort drawn = model->sample({400, {}}, context);
  int ill_people = 0, wrong_rows = 0, wrong_gaps = 0, wrong_levels = 0;
  for (std::int64_t s = 0; s < 400; ++s) {
    const bool ill = drawn.statics.column(0).number(s) == 1;
    const std::int64_t first = drawn.offsets[static_cast<std::size_t>(s)], rows = drawn.series_rows(s);
    ill_people += ill;
    wrong_rows += rows != (ill ? 6 : 3);
    if (rows == 0) continue;
    wrong_levels += (drawn.series.column(0).number(first) > 5) != ill;
    wrong_gaps += rows > 1 && drawn.times.number(first + 1) != (ill ? 1 : 2);
  }
  EXPECT_NEAR(ill_people, 200, 60);  // 6 standard deviations
  for (const int wrong : {wrong_rows, wrong_gaps, wrong_levels}) EXPECT_LE(wrong, 40);
  const Cohort sick = model->sample({50, {{"ill", "yes"}}}, context);
  for (std::int64_t s = 0; s < 50; ++s) EXPECT_EQ(sick.statics.column(0).number(s), 1);
}

TEST_P(PanelFit, AnInterruptedTrainingGoesOn) {
  const Cohort cohort = ward(80);
  const TensorFile whole = fit(cohort, GetParam().quick)->save();
  EXPECT_FALSE(whole.tensors.contains("network.judging"));  // a discriminator remembers who was there
  const Checkpoint kept{.path = path_ + ".checkpoint", .every_seconds = 0};
  for (const std::int64_t last : GetParam().stops) {
    std::atomic<bool> stop = false;
    Context stopping;
    stopping.cancelled = &stop;
    stopping.progress = [&](const Progress& p) { stop = p.stage == "training" && p.done >= last; };
    EXPECT_EQ(kind_of([&] { fit(cohort, GetParam().quick, stopping, kept); }), ErrorKind::cancelled);
  }
  const TensorFile on = fit(cohort, GetParam().quick, {}, kept)->save();
  for (const auto& [name, tensor] : whole.tensors) EXPECT_TRUE(on.tensor(name).bytes == tensor.bytes) << name;
  EXPECT_EQ(kind_of([&] { fit(ward(81), GetParam().quick, {}, kept); }), ErrorKind::input);  // of another training
}

INSTANTIATE_TEST_SUITE_P(
    Methods, PanelFit,
    ::testing::Values(
        Case{"kovae", kovae_method, {{"epochs", "1"}, {"least_steps", "80"}, {"hidden", "6"}, {"latent", "3"}, {"batch", "16"}},
             {{"epochs", "1"}, {"least_steps", "1500"}, {"hidden", "16"}, {"latent", "4"}, {"learning_rate", "0.005"}, {"kl_weight", "0.1"}}},
        Case{"diffusion_ts", diffusion_ts_method,
             {{"steps", "80"}, {"width", "8"}, {"noise_steps", "20"}, {"sampling_steps", "4"}, {"batch", "16"}},
             {{"steps", "600"}, {"width", "16"}, {"noise_steps", "50"}, {"sampling_steps", "50"}, {"batch", "32"}, {"learning_rate", "0.005"}}},
        Case{"timegan", timegan_method, {{"iterations", "60"}, {"hidden", "6"}, {"layers", "2"}, {"batch", "16"}},
             {{"iterations", "1500"}, {"hidden", "24"}, {"layers", "1"}, {"batch", "64"}, {"learning_rate", "0.005"}, {"noise_sd", "0.2"}},
             {50, 100, 200}}),  // in each of its trainings
    [](const auto& tested) { return tested.param.name; });

}  // namespace
}  // namespace understudy
