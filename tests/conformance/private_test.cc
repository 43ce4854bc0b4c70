// One suite over the generators that train privately, in a build with seeded noise: what leaves is paid for, and nothing
// else was looked at.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>

#include "testing/kind_of.h"
#include "testing/toy.h"
#include "understudy/generator.h"
#include "vault/session.h"

namespace understudy {
namespace {

using Settings = std::map<std::string, std::string>;

// Every private training of the registry: generator and options.
struct Training {
  std::string name;
  Settings options;
};
const Training kTrainings[] = {
    {"independent", {}},
    {"gan", {{"mode", "noise-input"}, {"steps", "6"}, {"batch", "128"}, {"hidden", "8"}, {"calibrate", "none"}}},
};

// A toy cohort whose schema is public throughout.
Cohort public_toy(Cohort cohort, std::int64_t subjects) {
  Schema schema = cohort.schema;
  schema.max_rows = 9;
  schema.subjects = subjects;
  for (ColumnSpec& column : schema.columns) {
    if (column.name == "load") column.minimum = 0, column.maximum = 100000;
  }
  return recode(cohort, schema);
}

class Private : public ::testing::TestWithParam<Training> {
 protected:
  void SetUp() override {
#ifndef UNDERSTUDY_NETWORKS
    if (GetParam().name == "gan") GTEST_SKIP() << "this build has no networks";
#endif
    entry_ = &find_generator(GetParam().name);
    path_ = fmt::format("{}private_{}_{}", ::testing::TempDir(), GetParam().name, getpid());
    fresh_ledger(1);
  }
  void TearDown() override { std::filesystem::remove(path_); }

  void fresh_ledger(double epsilon) {
    std::filesystem::remove(path_);
    ledger_.emplace(path_);
    ledger_->declare({.epsilon = epsilon, .delta = 1e-6, .neighbours = Neighbours::zero_out});
  }

  Fitted fit(const Vault& vault, double epsilon = 1, int threads = 1, std::uint64_t seed = 3) const {
    Options options(entry_->options);
    for (const auto& [name, value] : GetParam().options) options.set(name, value);
    Context context;
    context.seed = seed;
    context.threads = threads;
    return entry_->make()->fit_private(vault, options, {.epsilon = epsilon, .delta = 1e-6}, context, {});
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
  const Vault vault(public_toy(testing::toy_days(40, 7), 40), *ledger_);
  fit(vault);
  const GaussianCost cost = spent(ledger_->events());
  EXPECT_LE(cost.mu, allowed(*ledger_->limit()).mu);
  EXPECT_GT(cost.mu, 0.99 * allowed(*ledger_->limit()).mu);
  EXPECT_EQ(kind_of([&] { fit(vault, 0.5); }), ErrorKind::budget);  // nothing is left
}

TEST_P(Private, ABudgetAboveTheLimitIsRefusedBeforeALook) {
  const Vault vault(public_toy(testing::toy_days(10, 3), 10), *ledger_);
  const auto before = ledger_->events().size();
  EXPECT_EQ(kind_of([&] { fit(vault, 1.5); }), ErrorKind::budget);
  EXPECT_EQ(ledger_->events().size(), before);
}

// Different people, as many or more of them, with other rows: through shut eyes all look the same.
TEST_P(Private, BlindRunsOfDifferentCohortsAreIdentical) {
  std::optional<std::string> first;
  for (const Cohort& cohort : {public_toy(testing::toy_days(40, 7, 1), 40), public_toy(testing::toy_days(31, 2, 9), 40),
                               public_toy(testing::with_constant(testing::toy_days(60, 8, 4), "steps"), 40),
                               public_toy(testing::toy_days(0, 0), 40)}) {
    fresh_ledger(1);
    const std::string bytes = bytes_of(fit(Vault(cohort, *ledger_).blinded()));
    EXPECT_TRUE(!first || bytes == *first);
    first = bytes;
  }
  fresh_ledger(1);
  EXPECT_FALSE(bytes_of(fit(Vault(public_toy(testing::toy_days(40, 7), 40), *ledger_).blinded(), 1, 1, 4)) == *first);
}

TEST_P(Private, TheSameSeedGivesTheSameBytesWithAnyThreads) {
  const Cohort cohort = public_toy(testing::toy_days(40, 7), 40);
  const std::string one = bytes_of(fit(Vault(cohort, *ledger_), 1, 1));
  fresh_ledger(1);
  EXPECT_TRUE(bytes_of(fit(Vault(cohort, *ledger_), 1, 2)) == one);
}

TEST_P(Private, SamplesKeepTheSchema) {
  fresh_ledger(1000);
  const Cohort cohort = public_toy(testing::toy_days(40, 7), 40);
  const Fitted fitted = fit(Vault(cohort, *ledger_), 500);
  const Cohort drawn = std::get<Released<ModelPtr>>(fitted).value()->sample({30, {}}, {});
  EXPECT_EQ(to_toml(drawn.schema), to_toml(cohort.schema));
  for (const std::int64_t count : constraint_violations(drawn)) EXPECT_EQ(count, 0);
}

TEST_P(Private, WhatIsNotPublicIsRefused) {
  Cohort cohort = public_toy(testing::toy_days(10, 3), 10);
  cohort.schema.columns.front().is_public = false;
  EXPECT_EQ(kind_of([&] { fit(Vault(cohort, *ledger_)); }), ErrorKind::input);
}

INSTANTIATE_TEST_SUITE_P(Trainings, Private, ::testing::ValuesIn(kTrainings),
                         [](const auto& tested) { return tested.param.name; });

// What leaves in mode noise-output is a sample: its shape is public, and through shut eyes two samples are the same.
TEST(NoisedSamples, BlindOnesAreIdentical) {
  const std::string path = fmt::format("{}noised_sample_{}", ::testing::TempDir(), getpid());
  std::optional<Cohort> first;
  for (const std::uint64_t seed : {1, 2}) {
    std::filesystem::remove(path);
    Ledger ledger(path);
    ledger.declare({.epsilon = 50, .delta = 1e-6, .neighbours = Neighbours::zero_out});
    const Vault vault(public_toy(testing::toy_days(20, 7, seed), 20), ledger);
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

// Every generator that says it can train privately stands above.
TEST(PrivateTrainings, CoverTheRegistry) {
  for (const GeneratorEntry& entry : generators()) {
    const bool listed = std::any_of(std::begin(kTrainings), std::end(kTrainings),
                                    [&](const Training& training) { return training.name == entry.name; });
    EXPECT_EQ(listed, entry.can_be_private) << entry.name;
  }
}

}  // namespace
}  // namespace understudy
