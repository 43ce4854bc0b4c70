#include "privacy/shared_ledger.h"

#include <gtest/gtest.h>

#include <mutex>

#include "privacy/ledger_testing.h"
#include "testing/kind_of.h"
#include "testing/thread_ranks.h"

namespace understudy {
namespace {

class SharedLedgerRanks : public LedgerTest {
 protected:
  // Rank 0's file is the ledger; the others have none there.
  std::string path_of(const Ranks& ranks) const { return ranks.rank() == 0 ? path_ : path_ + ".absent"; }
  static Plan small_plan(double noise) {
    return {.purpose = "count people", .events = {{.what = "number", .kind = EventKind::gaussian, .noise = noise}}};
  }
  std::mutex guard_;
};

TEST_F(SharedLedgerRanks, OnePlanForAllRanks) {
  std::vector<Reservation> reservations;
  run_ranks(3, [&](Ranks& ranks) {
    SharedLedger ledger(path_of(ranks), {}, ranks);
    ledger.declare({.epsilon = 3, .delta = 1e-6});
    ledger.append({.kind = "load", .part = "all", .purpose = "read", .side = "inside"});
    const Reservation made = ledger.reserve(small_plan(10));
    const Reservation resumed = ledger.resume(small_plan(10), "all", made.id);
    EXPECT_EQ(resumed.id, made.id);
    ledger.finish("all", made.id, fmt::format("digest at {}", ranks.rank()));
    const std::lock_guard lock(guard_);
    reservations.push_back(made);
  });
  const Ledger ledger(path_);
  const auto events = ledger.events();
  ASSERT_EQ(events.size(), 5u);
  EXPECT_TRUE(events.back().purpose.ends_with("digest at 0"));
  for (const Reservation& made : reservations) {
    EXPECT_EQ(made.id, reservations.front().id);
    EXPECT_EQ(made.cost.mu, events[2].cost.mu);
    EXPECT_EQ(made.cost.delta, events[2].cost.delta);
  }
}

TEST_F(SharedLedgerRanks, EveryRankReadsTheSame) {
  run_ranks(2, [&](Ranks& ranks) {
    SharedLedger ledger(path_of(ranks), {}, ranks);
    EXPECT_TRUE(ledger.events().empty());
    EXPECT_FALSE(ledger.limit().has_value());
    ledger.declare({.epsilon = 3, .delta = 1e-6});
    const Reservation made = ledger.reserve(small_plan(10));
    ASSERT_EQ(ledger.events().size(), 2u);
    EXPECT_EQ(ledger.events()[1].cost.mu, made.cost.mu);
    EXPECT_EQ(ledger.limit()->epsilon, 3);
    EXPECT_EQ(ledger.head().hash, made.id);
    EXPECT_TRUE(ledger.extends(ledger.head()));
  });
}

TEST_F(SharedLedgerRanks, ARefusalIsEverywhere) {
  run_ranks(2, [&](Ranks& ranks) {
    SharedLedger ledger(path_of(ranks), {}, ranks);
    EXPECT_EQ(kind_of([&] { ledger.reserve(small_plan(10)); }), ErrorKind::budget);
    ledger.declare({.epsilon = 1, .delta = 1e-6});
    EXPECT_EQ(kind_of([&] { ledger.reserve(small_plan(0.1)); }), ErrorKind::budget);
    EXPECT_EQ(kind_of([&] { ledger.resume(small_plan(1), "all", "no such"); }), ErrorKind::input);
  });
}

}  // namespace
}  // namespace understudy
