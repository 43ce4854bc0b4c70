#include "vault/private_training.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <numeric>

#include "privacy/shared_ledger.h"
#include "testing/kind_of.h"
#include "testing/people.h"
#include "testing/thread_ranks.h"
#include "understudy/error.h"
#include "vault/session.h"

namespace understudy {
namespace {

class Training : public testing::Test {
 protected:
  Training()
      : path_(fmt::format("{}training_{}_{}", testing::TempDir(), getpid(),
                          testing::UnitTest::GetInstance()->current_test_info()->name())),
        ledger_(path_) {
    ledger_.declare({.epsilon = 1e9, .delta = 1e-6});
  }
  ~Training() override { std::filesystem::remove(path_); }

  static Plan plan(const SampledSum& sum) { return {.purpose = "train", .events = {sum.event()}}; }
  static std::int64_t size(const Cohort& cohort) { return cohort.size(); }
  static void nothing(const std::int64_t&, std::span<const std::int64_t>, std::span<double>) {}
  std::int64_t plans() const {
    std::int64_t count = 0;
    for (const Event& event : ledger_.events()) count += event.kind == "plan";
    return count;
  }

  std::string path_;
  Ledger ledger_;
};

// Noise of .08: rounded, the truth (6 standard errors, 600 numbers). Each subject adds 1 to the number of its place.
TEST_F(Training, SumsOfTheSubjectsThatTakePart) {
  const Vault vault(people(200), ledger_);
  const SampledSum gradients{.what = "gradients", .size = 200, .bound = 1, .multiplier = 0.08, .rate = 0.25, .count = 3};
  PrivateTraining training(vault, plan(gradients), 1);
  auto sums = training.sums<std::int64_t>(gradients, size);
  std::vector<int> times(200);
  for (int step = 0; step < 3; ++step) {
    const auto sum = sums.next([](const std::int64_t& count, std::span<const std::int64_t> subjects, std::span<double> total) {
      EXPECT_EQ(count, 200);
      for (const std::int64_t s : subjects) total[static_cast<std::size_t>(s)] += 1;
    });
    for (std::size_t s = 0; s < 200; ++s) times[s] += static_cast<int>(std::lround(sum[s]));
  }
  // 600 coins of 1 / 4: mean 150, deviation 10.6; outside with probability below 1e-8.
  const int heads = std::accumulate(times.begin(), times.end(), 0);
  EXPECT_NEAR(heads, 150, 62);
  EXPECT_EQ(sums.left(), 0);
  EXPECT_EQ(kind_of([&] { sums.next(nothing); }), ErrorKind::internal);
}

TEST_F(Training, ANoiseStepIsAStep) {
  const Vault vault(people(3), ledger_);
  const SampledSum gradients{.what = "gradients", .size = 1000, .bound = 2, .multiplier = 1.5, .rate = 0x1p-50, .count = 1};
  PrivateTraining training(vault, plan(gradients), 1);
  auto sums = training.sums<std::int64_t>(gradients, size);
  const auto noise = sums.next([](const std::int64_t&, std::span<const std::int64_t> subjects, std::span<double>) {
    EXPECT_TRUE(subjects.empty());
  });
  double squares = 0;
  for (const double x : noise) squares += x * x;
  EXPECT_NEAR(squares / 1000, 9, 2.6);  // 6 standard errors: a false alarm below 1e-8
}

TEST_F(Training, OtherSumsThanThePlansAreRefused) {
  const Vault vault(people(3), ledger_);
  const SampledSum planned{.what = "gradients", .size = 4, .multiplier = 1.5, .rate = 0.5, .count = 3};
  for (const auto& change : std::vector<std::function<void(SampledSum&)>>{
           [](SampledSum& sum) { sum.bound = 2; }, [](SampledSum& sum) { sum.multiplier = 1; },
           [](SampledSum& sum) { sum.rate = 1; }, [](SampledSum& sum) { sum.count = 4; }}) {
    SampledSum other = planned;
    change(other);
    PrivateTraining training(vault, plan(planned), 1);
    EXPECT_EQ(kind_of([&] { training.sums<std::int64_t>(other, size); }), ErrorKind::internal);
  }
}

TEST_F(Training, WhatWasInterruptedGoesOnWithoutPayingAgain) {
  const Vault vault(people(3), ledger_);
  const SampledSum gradients{.what = "gradients", .size = 4, .multiplier = 1.5, .rate = 0.5, .count = 5};
  std::string id;
  {
    PrivateTraining training(vault, plan(gradients), 1);
    auto sums = training.sums<std::int64_t>(gradients, size);
    for (int i = 0; i < 3; ++i) sums.next(nothing);
    id = training.id();
  }
  PrivateTraining training(vault, plan(gradients), 1, id);
  auto sums = training.sums<std::int64_t>(gradients, size);
  sums.skip(2);  // the checkpoint was one step behind
  EXPECT_EQ(sums.left(), 3);
  for (int i = 0; i < 3; ++i) sums.next(nothing);
  EXPECT_EQ(training.finish(7, "digest").value(), 7);
  EXPECT_EQ(plans(), 1);
  EXPECT_EQ(training.cost().mu, spent(ledger_.events()).mu);
  const auto events = ledger_.events();
  EXPECT_EQ(events[events.size() - 2].kind, "resume");
  EXPECT_EQ(events.back().kind, "finish");
  EXPECT_EQ(events.back().purpose, "plan " + id + " digest");
}

// Two branches go on from one checkpoint; what one plan paid for leaves once.
TEST_F(Training, OneResultLeaves) {
  const Vault vault(people(3), ledger_);
  const SampledSum gradients{.what = "gradients", .size = 4, .multiplier = 1.5, .rate = 0.5, .count = 5};
  PrivateTraining first(vault, plan(gradients), 1);
  PrivateTraining second(vault, plan(gradients), 1, first.id());
  auto sums = second.sums<std::int64_t>(gradients, size);
  first.finish(1, "one");
  EXPECT_EQ(kind_of([&] { second.finish(2, "two"); }), ErrorKind::budget);
  EXPECT_EQ(second.finish(1, "one").value(), 1);  // killed between the ledger and the file: the same may leave again
  PrivateTraining third(vault, plan(gradients), 1, first.id());
  auto more = third.sums<std::int64_t>(gradients, size);
  EXPECT_EQ(kind_of([&] { more.next(nothing); }), ErrorKind::budget);
}

TEST_F(Training, PlansOfOthersAreNotContinued) {
  const Vault vault(people(3), ledger_);
  const SampledSum gradients{.what = "gradients", .size = 4, .multiplier = 1.5, .rate = 0.5, .count = 5};
  SampledSum quieter = gradients;
  quieter.multiplier = 1;
  const std::string id = PrivateTraining(vault, plan(gradients), 1).id();
  const Vault other(people(3), ledger_, "other");
  const auto resumed = [&](const Vault& where, const SampledSum& sum, const std::string& named) {
    return kind_of([&] { PrivateTraining(where, plan(sum), 1, named); });
  };
  EXPECT_EQ(resumed(vault, quieter, id), ErrorKind::input);
  EXPECT_EQ(resumed(other, gradients, id), ErrorKind::input);
  EXPECT_EQ(resumed(vault, gradients, std::string(64, '0')), ErrorKind::input);
  EXPECT_EQ(resumed(vault, gradients, ""), ErrorKind::input);
  EXPECT_EQ(plans(), 1);
}

TEST_F(Training, WhatTheLedgerRefusesIsNotLookedAt) {
  const Vault vault(people(3), ledger_);
  const SampledSum gradients{.what = "gradients", .size = 4, .multiplier = 1e-9, .rate = 1, .count = 5};
  EXPECT_EQ(kind_of([&] { PrivateTraining(vault, plan(gradients), 1); }), ErrorKind::budget);
}

// Each subject adds 1 to the number of its place, which is contributed by the rank that owns it, or by none. Noise of
// .08: rounded, the truth (6 standard errors, 400 numbers). Coins of 1 / 2: 200 heads, deviation 10; below 1e-8.
TEST_F(Training, SeveralProcessesGiveOneSum) {
  const SampledSum gradients{.what = "gradients", .size = 400, .bound = 1, .multiplier = 0.08, .rate = 0.5, .count = 1};
  std::vector<std::vector<double>> sums(2);
  run_ranks(2, [&](Ranks& ranks) {
    SharedLedger ledger(path_, {}, ranks);
    const Vault vault(people(400), ledger);
    PrivateTraining training(vault, plan(gradients), 1);
    auto all = training.sums<std::int64_t>(gradients, size);
    sums[static_cast<std::size_t>(ranks.rank())] =
        all.next([&](const std::int64_t&, std::span<const std::int64_t> subjects, std::span<double> total) {
          for (const std::int64_t s : subjects) {
            EXPECT_EQ(rank_of(s, 2), ranks.rank());
            total[static_cast<std::size_t>(s)] += 1;
          }
        });
  });
  EXPECT_EQ(sums[0], sums[1]);
  EXPECT_EQ(plans(), 1);
  std::int64_t heads = 0;
  for (const double value : sums[0]) {
    EXPECT_NEAR(value, std::round(value), 0.48);
    EXPECT_TRUE(std::lround(value) == 0 || std::lround(value) == 1);
    heads += std::lround(value);
  }
  EXPECT_NEAR(heads, 200, 60);
}

// What a session returns is drawn once, by rank 0.
TEST_F(Training, ASessionAtEveryRankIsRefused) {
  const NoisyCount count{.what = "people", .noise = 4};
  run_ranks(2, [&](Ranks& ranks) {
    SharedLedger ledger(path_, {}, ranks);
    const Vault vault(people(5), ledger);
    const auto count_people = [&] {
      return std::to_string(PrivateSession(vault, {.purpose = "count", .events = {count.event()}}, 1).count(count).value());
    };
    EXPECT_EQ(kind_of(count_people), ErrorKind::internal);
    at_rank_0(&ranks, count_people);
  });
  EXPECT_EQ(plans(), 1);
}

}  // namespace
}  // namespace understudy
