// One suite over the generators that train privately, in a build with seeded noise: what leaves is paid for, and nothing
// else was looked at.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>

#include "generators/private_marginals.h"
#include "privacy/shared_ledger.h"
#include "testing/kind_of.h"
#include "testing/thread_ranks.h"
#include "testing/toy.h"
#include "understudy/generator.h"
#include "vault/session.h"

namespace understudy {
namespace {

using Settings = std::map<std::string, std::string>;

// Every private training of the registry: generator and options.
struct Training {
  std::string name;       // of the suite
  std::string generator;
  Settings options;
  bool keeps_codes = true;  // noise on cells has no mechanism for codes
  bool needs_networks() const { return generator != "independent"; }
};
const Training kTrainings[] = {
    {"independent", "independent", {}},
    {"understudy", "understudy",
     {{"private_steps", "60"}, {"private_batch", "8"}, {"private_series_steps", "60"}, {"private_series_batch", "8"}, {"hidden", "8"}}},
    {"halo", "halo", {{"private_steps", "20"}, {"private_batch", "8"}, {"layers", "1"}, {"heads", "2"}, {"width", "16"}}},
    {"kovae", "kovae", {{"private_steps", "20"}, {"private_batch", "8"}, {"hidden", "8"}, {"latent", "4"}}},
    {"diffusion_ts", "diffusion-ts",
     {{"private_steps", "20"}, {"private_batch", "8"}, {"width", "8"}, {"heads", "2"}, {"noise_steps", "20"}, {"sampling_steps", "3"}}},
    {"gan_noise_input", "gan",
     {{"mode", "noise-input"}, {"steps", "6"}, {"batch", "128"}, {"hidden", "8"}, {"calibrate", "none"}}, false},
    {"gan_dp_sgd", "gan", {{"mode", "dp-sgd"}, {"steps", "60"}, {"batch", "8"}, {"hidden", "8"}, {"calibrate", "none"}}},
    {"gan_dp_sgd_automatic", "gan", {{"mode", "dp-sgd"}, {"steps", "6"}, {"batch", "8"}, {"hidden", "8"}, {"clipping", "automatic"}}},
};

// Those whose networks take 60 steps each.
std::vector<Training> of_sixty_steps() {
  std::vector<Training> result;
  for (const Training& training : kTrainings) {
    const auto sixty = [](const auto& option) { return option.first.ends_with("steps") && option.second == "60"; };
    if (std::any_of(training.options.begin(), training.options.end(), sixty)) result.push_back(training);
  }
  return result;
}

class Private : public ::testing::TestWithParam<Training> {
 protected:
  void SetUp() override {
#ifndef UNDERSTUDY_NETWORKS
    if (GetParam().needs_networks()) GTEST_SKIP() << "this build has no networks";
#endif
    entry_ = &find_generator(GetParam().generator);
    path_ = fmt::format("{}private_{}_{}", ::testing::TempDir(), GetParam().name, getpid());
    fresh_ledger(1);
  }
  void TearDown() override { std::filesystem::remove(path_); }

  // What the training can learn from.
  static Cohort learnable(Cohort cohort, std::int64_t subjects) {
    if (!GetParam().keeps_codes) cohort = testing::without_codes(cohort);
    return testing::with_public_schema(std::move(cohort), subjects);
  }

  void fresh_ledger(double epsilon) {
    std::filesystem::remove(path_);
    ledger_.emplace(path_);
    ledger_->declare({.epsilon = epsilon, .delta = 1e-6, .neighbours = Neighbours::zero_out});
  }

  Fitted fit(const Vault& vault, double epsilon = 1, int threads = 1, std::uint64_t seed = 3) const {
    Context context;
    context.seed = seed;
    context.threads = threads;
    return fit(vault, epsilon, context, {});
  }
  Fitted fit(const Vault& vault, double epsilon, const Context& context, const Checkpoint& checkpoint) const {
    Options options(entry_->options);
    for (const auto& [name, value] : GetParam().options) options.set(name, value);
    return entry_->make()->fit_private(vault, options, {.epsilon = epsilon, .delta = 1e-6}, context, checkpoint);
  }

  static std::string bytes_of(const Fitted& fitted) {
    const auto model = std::get<Released<ModelPtr>>(fitted).value();
    const std::string path = fmt::format("{}private_model_{}", ::testing::TempDir(), getpid());
    write_tensor_file(model->save(), path);
    std::ifstream file(path, std::ios::binary);
    std::string bytes{std::istreambuf_iterator<char>(file), {}};
    std::filesystem::remove(path);
    return bytes;
  }

  const GeneratorEntry* entry_ = nullptr;
  std::string path_;
  std::optional<Ledger> ledger_;
};

TEST_P(Private, SpendsItsBudgetAndNoMore) {
  const Vault vault(learnable(testing::toy_days(40, 7), 40), *ledger_);
  fit(vault);
  const GaussianCost cost = spent(ledger_->events());
  EXPECT_LE(cost.mu, allowed(*ledger_->limit()).mu);
  EXPECT_GT(cost.mu, 0.99 * allowed(*ledger_->limit()).mu);
  EXPECT_EQ(kind_of([&] { fit(vault, 0.5); }), ErrorKind::budget);  // nothing is left
}

// How many people there are is bought too, or asked for in the schema.
TEST_P(Private, SpendsItsBudgetWhereTheNumberOfPeopleIsNotPublic) {
  Cohort cohort = learnable(testing::toy_days(40, 7), 40);
  cohort.schema.subjects.reset();
  std::filesystem::remove(path_);
  Ledger ledger(path_);
  ledger.declare({.epsilon = 1, .delta = 1e-6});
  if (GetParam().options.contains("mode") && GetParam().options.at("mode") == "noise-input") {
    EXPECT_EQ(kind_of([&] { fit(Vault(cohort, ledger)); }), ErrorKind::input);
    return;
  }
  fit(Vault(cohort, ledger));
  EXPECT_LE(spent(ledger.events()).mu, allowed(*ledger.limit()).mu);
  EXPECT_GT(spent(ledger.events()).mu, 0.99 * allowed(*ledger.limit()).mu);
}

TEST_P(Private, ABudgetAboveTheLimitIsRefusedBeforeALook) {
  const Vault vault(learnable(testing::toy_days(10, 3), 10), *ledger_);
  const auto before = ledger_->events().size();
  EXPECT_EQ(kind_of([&] { fit(vault, 1.5); }), ErrorKind::budget);
  EXPECT_EQ(ledger_->events().size(), before);
}

// Different people, as many or more of them, with other rows: through shut eyes all look the same.
TEST_P(Private, BlindRunsOfDifferentCohortsAreIdentical) {
  std::optional<std::string> first;
  for (const Cohort& cohort : {learnable(testing::toy_days(40, 7, 1), 40), learnable(testing::toy_days(31, 2, 9), 40),
                               learnable(testing::with_constant(testing::toy_days(60, 8, 4), "steps"), 40),
                               learnable(testing::toy_days(0, 0), 40)}) {
    fresh_ledger(1);
    const std::string bytes = bytes_of(fit(Vault(cohort, *ledger_).blinded()));
    EXPECT_TRUE(!first || bytes == *first);
    first = bytes;
  }
  fresh_ledger(1);
  EXPECT_FALSE(bytes_of(fit(Vault(learnable(testing::toy_days(40, 7), 40), *ledger_).blinded(), 1, 1, 4)) == *first);
}

TEST_P(Private, TheSameSeedGivesTheSameBytesWithAnyThreads) {
  const Cohort cohort = learnable(testing::toy_days(40, 7), 40);
  const std::string one = bytes_of(fit(Vault(cohort, *ledger_), 1, 1));
  fresh_ledger(1);
  EXPECT_TRUE(bytes_of(fit(Vault(cohort, *ledger_), 1, 2)) == one);
}

// Stopped before the first step and within each of its two parts. With seeded noise: the same bytes, and no payment twice.
class SixtySteps : public Private {};

TEST_P(SixtySteps, AnInterruptedTrainingGoesOn) {
  const Cohort cohort = learnable(testing::toy_days(40, 7), 40);
  Context context;
  context.seed = 3;
  const std::string whole = bytes_of(fit(Vault(cohort, *ledger_), 1));
  const double paid = spent(ledger_->events()).mu;
  fresh_ledger(1);
  const std::string kept = path_ + ".checkpoint";
  const Vault vault(cohort, *ledger_);
  std::atomic<bool> stop = false;
  Context stopping = context;
  stopping.cancelled = &stop;
  for (const std::int64_t stop_at : {0, 50, 100}) {
    stop = stop_at == 0;
    stopping.progress = [&](const Progress& p) { stop = stop || (p.stage == "training" && p.done >= stop_at); };
    EXPECT_EQ(kind_of([&] { fit(vault, 1, stopping, {.path = kept, .every_seconds = 0}); }), ErrorKind::cancelled);
  }
  EXPECT_TRUE(bytes_of(fit(vault, 1, context, {.path = kept})) == whole);
  EXPECT_NEAR(spent(ledger_->events()).mu, paid, 1e-9);
  EXPECT_TRUE(bytes_of(fit(vault, 1, context, {.path = kept})) == whole);  // killed before the file was written
  for (const char* ending : {"", ".bought"}) std::filesystem::remove(kept + ending);
}

// Two ranks share the people, the noise and one payment. With seeded noise they learn what one process learns, as far as
// rounding allows; each has the same bytes. Few steps, because networks that play against each other carry rounding on, and a
// large budget, so that a person who is lost on the way is seen above the noise.
class OverRanks : public Private {};

TEST_P(OverRanks, TwoRanksLearnWhatOneProcessDoes) {
  const Cohort cohort = learnable(testing::toy_days(40, 7), 40);
  constexpr double kEpsilon = 20;
  fresh_ledger(kEpsilon);
  const TensorFile alone = std::get<Released<ModelPtr>>(fit(Vault(cohort, *ledger_), kEpsilon)).value()->save();
  const double paid = spent(ledger_->events()).mu;
  fresh_ledger(kEpsilon);
  std::array<TensorFile, 2> files;
  run_ranks(2, [&](Ranks& ranks) {
    SharedLedger ledger(path_, [] { return std::string(); }, ranks);
    Context context;
    context.seed = 3;
    context.threads = 1;
    context.ranks = &ranks;
    const Fitted fitted = fit(Vault(cohort, ledger), kEpsilon, context, {});
    const auto own = static_cast<std::size_t>(ranks.rank());
    files[own] = std::get<Released<ModelPtr>>(fitted).value()->save();
  });
  EXPECT_NEAR(spent(ledger_->events()).mu, paid, 1e-9);
  for (const auto& [name, tensor] : alone.tensors) {
    EXPECT_TRUE(files[0].tensor(name).bytes == files[1].tensor(name).bytes) << name;
    if (tensor.type != Tensor::Type::f32) continue;
    const auto one = alone.floats(name), two = files[0].floats(name);
    ASSERT_EQ(one.size(), two.size());
    for (std::size_t i = 0; i < one.size(); ++i) ASSERT_NEAR(one[i], two[i], 1e-4) << name << " " << i;
  }
}

TEST_P(Private, SamplesKeepTheSchema) {
  fresh_ledger(1000);
  const Cohort cohort = learnable(testing::toy_days(40, 7), 40);
  const double epsilon = GetParam().keeps_codes ? 20 : 500;  // noise on every cell is large
  const Fitted fitted = fit(Vault(cohort, *ledger_), epsilon);
  const Cohort drawn = std::get<Released<ModelPtr>>(fitted).value()->sample({30, {}}, {});
  EXPECT_EQ(to_toml(drawn.schema), to_toml(cohort.schema));
  for (const std::int64_t count : constraint_violations(drawn)) EXPECT_EQ(count, 0);
}

TEST_P(Private, WhatIsNotPublicIsRefused) {
  Cohort cohort = learnable(testing::toy_days(10, 3), 10);
  cohort.schema.columns.front().is_public = false;
  EXPECT_EQ(kind_of([&] { fit(Vault(cohort, *ledger_)); }), ErrorKind::input);
}

TEST_P(Private, CodesNeedAPublicMostOrAreRefused) {
  Cohort cohort = testing::with_public_schema(testing::toy_days(10, 3), 10);
  if (!GetParam().keeps_codes) {
    EXPECT_EQ(kind_of([&] { fit(Vault(cohort, *ledger_)); }), ErrorKind::usage);
    return;
  }
  fit(Vault(cohort, *ledger_), 0.5);
  cohort.schema.columns.back().max_codes.reset();
  EXPECT_EQ(kind_of([&] { fit(Vault(cohort, *ledger_), 0.5); }), ErrorKind::usage);
}

INSTANTIATE_TEST_SUITE_P(Trainings, SixtySteps, ::testing::ValuesIn(of_sixty_steps()),
                         [](const auto& tested) { return tested.param.name; });
const Training kOverRanks[] = {
    {"understudy", "understudy",
     {{"private_steps", "10"}, {"private_batch", "8"}, {"private_series_steps", "10"}, {"private_series_batch", "8"}, {"hidden", "8"}}},
    {"gan_dp_sgd", "gan", {{"mode", "dp-sgd"}, {"steps", "10"}, {"batch", "8"}, {"hidden", "8"}, {"calibrate", "none"}}},
};
INSTANTIATE_TEST_SUITE_P(Trainings, OverRanks, ::testing::ValuesIn(kOverRanks), [](const auto& tested) { return tested.param.name; });
INSTANTIATE_TEST_SUITE_P(Trainings, Private, ::testing::ValuesIn(kTrainings),
                         [](const auto& tested) { return tested.param.name; });

// Visits of codes; `who` says which of 4 codes each visit of the one person shows, as bits. Nobody where it is empty.
Cohort visits_of(const std::vector<int>& who) {
  Schema schema;
  schema.name = "visits";
  schema.subject = "id";
  schema.repeated = true;
  schema.columns = {{.name = "found", .type = ColumnType::codes, .categories = {"a", "b", "c", "d"}}};
  Cohort cohort = make_cohort(schema);
  if (who.empty()) return cohort;
  cohort.subjects = {"1"};
  cohort.statics.resize(1);
  cohort.series.resize(static_cast<std::int64_t>(who.size()));
  cohort.offsets = {0, cohort.series.rows()};
  for (std::size_t row = 0; row < who.size(); ++row) {
    std::vector<std::int32_t> codes;
    for (std::int32_t code = 0; code < 4; ++code) {
      if (((who[row] >> code) & 1) != 0) codes.push_back(code);
    }
    cohort.series.column(0).set_codes(static_cast<std::int64_t>(row), codes);
  }
  return cohort;
}

// Every person of up to three visits, beside nobody: with the same seeded noise, what they add is the difference. Three
// rows and two codes of a cell count; the bounds that are charged for hold, and somebody reaches them.
TEST(CodesSensitivity, ByBruteForce) {
  const std::string path = fmt::format("{}codes_sensitivity_{}", ::testing::TempDir(), getpid());
  std::filesystem::remove(path);
  Ledger ledger(path);
  ledger.declare({.epsilon = 1e6, .delta = 1e-6});
  const NoisyHistogram counts{.what = "codes", .cells = 4, .noise = 100, .most = 2};
  const auto ballot = codes_ballot(0, true, 3, 2);
  const auto answer = [&](const Cohort& cohort) {
    PrivateSession session(Vault(cohort, ledger), {.purpose = "test", .events = {counts.event()}}, 5);
    return session.histogram(counts, ballot).value();
  };
  const auto nobody = answer(visits_of({}));
  double most_absolute = 0, most_squares = 0;
  const auto try_person = [&](const std::vector<int>& visits) {
    const auto with = answer(visits_of(visits));
    double absolute = 0, squares = 0;
    for (std::size_t k = 0; k < 4; ++k) {
      const auto added = static_cast<double>(with[k] - nobody[k]);
      absolute += std::abs(added);
      squares += added * added;
    }
    most_absolute = std::max(most_absolute, absolute);
    most_squares = std::max(most_squares, squares);
  };
  for (int a = 0; a < 16; ++a) {
    try_person({a});
    for (int b = a; b < 16; ++b) try_person({a, b});
  }
  for (int a = 0; a < 16; a += 3) {
    for (int b = 0; b < 16; b += 5) try_person({a, b, 15, 15, 8});
  }
  const auto units = static_cast<double>(kSubjectUnits);
  EXPECT_DOUBLE_EQ(most_absolute, 2 * units);
  EXPECT_DOUBLE_EQ(std::sqrt(most_squares), std::sqrt(2.0) * units);
  EXPECT_DOUBLE_EQ(counts.event().sensitivity, std::sqrt(most_squares));
  std::filesystem::remove(path);
}

// What leaves in mode noise-output is a sample: its shape is public, and through shut eyes two samples are the same.
TEST(NoisedSamples, BlindOnesAreIdentical) {
  const std::string path = fmt::format("{}noised_sample_{}", ::testing::TempDir(), getpid());
  std::optional<Cohort> first;
  for (const std::uint64_t seed : {1, 2}) {
    std::filesystem::remove(path);
    Ledger ledger(path);
    ledger.declare({.epsilon = 50, .delta = 1e-6, .neighbours = Neighbours::zero_out});
    const Vault vault(testing::with_public_schema(testing::without_codes(testing::toy_days(20, 7, seed)), 20), ledger);
    const auto sample = vault.look("sample", [](const Cohort& cohort) { return cohort; });
    const CellNoise noise = share_noise(vault.schema(), 20, 2);
    PrivateSession session(vault.blinded(), {.purpose = "noise on a sample", .events = cell_events(vault.schema(), noise, 20)}, 5);
    const Cohort noised = session.noised_sample(sample, noise).value();
    EXPECT_EQ(noised.size(), 20);
    EXPECT_TRUE(!first || noised == *first);
    first = noised;
  }
  std::filesystem::remove(path);
}

// The others refuse before anything is spent.
TEST(PrivateTrainings, WhoHasNoneSpendsNothing) {
  const std::string path = fmt::format("{}no_private_training_{}", ::testing::TempDir(), getpid());
  std::filesystem::remove(path);
  Ledger ledger(path);
  ledger.declare({.epsilon = 1, .delta = 1e-6});
  const Vault vault(testing::with_public_schema(testing::toy_days(10, 3), 10), ledger);
  const auto before = ledger.events().size();
  for (const GeneratorEntry& entry : generators()) {
    if (entry.can_be_private) continue;
#ifndef UNDERSTUDY_NETWORKS
    if (entry.name.ends_with("timegan")) continue;
#endif
    const auto fit = [&] { entry.make()->fit_private(vault, Options(entry.options), {.epsilon = 0.5, .delta = 1e-6}, {}, {}); };
    EXPECT_EQ(kind_of(fit), ErrorKind::usage) << entry.name;
  }
  EXPECT_EQ(ledger.events().size(), before);
  std::filesystem::remove(path);
}

// Every generator that says it can train privately stands above.
TEST(PrivateTrainings, CoverTheRegistry) {
  for (const GeneratorEntry& entry : generators()) {
    const bool listed = std::any_of(std::begin(kTrainings), std::end(kTrainings),
                                    [&](const Training& training) { return training.generator == entry.name; });
    EXPECT_EQ(listed, entry.can_be_private) << entry.name;
  }
}

}  // namespace
}  // namespace understudy
