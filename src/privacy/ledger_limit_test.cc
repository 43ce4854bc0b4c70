// The limit and what is charged to it.
#include <cmath>
#include <random>

#include "privacy/ledger_filter.h"
#include "privacy/ledger_testing.h"
#include "testing/kind_of.h"

namespace understudy {
namespace {

class LedgerLimit : public LedgerTest {};

TEST_F(LedgerLimit, IsDeclaredOnceAndStands) {
  Ledger ledger(path_);
  EXPECT_FALSE(ledger.limit());
  ledger.declare(small_limit());
  EXPECT_EQ(Ledger(path_).limit(), small_limit());
  ledger.declare(small_limit());
  EXPECT_EQ(ledger.events().size(), 1u);
  EXPECT_EQ(kind_of([&] { ledger.declare({.epsilon = 4, .delta = 1e-6}); }), ErrorKind::budget);
  EXPECT_EQ(kind_of([&] { ledger.declare({.epsilon = 3, .delta = 1e-6, .unit = "row"}); }), ErrorKind::budget);
  EXPECT_EQ(ledger.limit(), small_limit());
}

TEST_F(LedgerLimit, IsRefusedWithoutMeaning) {
  Ledger ledger(path_);
  const Limit bad[] = {{.epsilon = 0, .delta = 1e-6}, {.epsilon = -1, .delta = 1e-6}, {.epsilon = NAN, .delta = 1e-6},
                       {.epsilon = INFINITY, .delta = 1e-6}, {.epsilon = 1, .delta = 0}, {.epsilon = 1, .delta = 1},
                       {.epsilon = 1, .delta = NAN}, {.epsilon = 1, .delta = 1e-6, .unit = "visit"}};
  for (const Limit& limit : bad) EXPECT_EQ(kind_of([&] { ledger.declare(limit); }), ErrorKind::usage);
  EXPECT_FALSE(std::filesystem::exists(path_));
}

TEST_F(LedgerLimit, AndDeclassificationExcludeEachOther) {
  Ledger ledger(path_);
  ledger.append(look("x"));
  ledger.declare(small_limit());
  EXPECT_EQ(kind_of([&] { ledger.append(declassification()); }), ErrorKind::budget);
  EXPECT_EQ(ledger.events().size(), 2u);
  std::filesystem::remove(path_);
  ledger.append(declassification());
  EXPECT_EQ(kind_of([&] { ledger.declare(small_limit()); }), ErrorKind::budget);
  EXPECT_TRUE(std::isinf(spent(ledger.events()).mu));
  EXPECT_TRUE(std::isinf(epsilon_spent(ledger.events())));
}

TEST_F(LedgerLimit, AllowsWhatItsEpsilonAndDeltaSay) {
  for (const Limit& limit : {small_limit(), Limit{.epsilon = 0.1, .delta = 1e-9}, Limit{.epsilon = 50, .delta = 0.1}}) {
    const GaussianCost most = allowed(limit);
    EXPECT_LE(gaussian_delta(most.mu, limit.epsilon) + most.delta, limit.delta);
    EXPECT_GT(gaussian_delta(most.mu, limit.epsilon) + most.delta, limit.delta * (1 - 1e-6));
    EXPECT_NEAR(plan_slack(limit), limit.delta / 10000, 1e-9 * limit.delta);
  }
}

TEST_F(LedgerLimit, APlanIsChargedAndReadBack) {
  Ledger ledger(path_, [] { return std::string("2026-01-02T03:04:05Z"); });
  ledger.declare(small_limit());
  Plan wanted = plan(1 / 0.3, "train independent");
  wanted.events[0].count = 3;
  const GaussianCost cost = ledger.reserve(wanted, "train").cost;
  EXPECT_EQ(cost.mu, gaussian_cost(wanted, plan_slack(small_limit())).mu);
  const Event event = Ledger(path_).events().back();
  EXPECT_EQ(event.kind, "plan");
  EXPECT_EQ(event.part, "train");
  EXPECT_EQ(event.purpose, "train independent");
  EXPECT_EQ(event.side, "outside");
  EXPECT_EQ(event.when, "2026-01-02T03:04:05Z");
  EXPECT_EQ(event.cost.mu, cost.mu);
  EXPECT_EQ(event.cost.delta, cost.delta);
  EXPECT_EQ(event.delta, small_limit().delta);
  EXPECT_EQ(event.epsilon, gaussian_epsilon(cost.mu, small_limit().delta - cost.delta));
  ASSERT_TRUE(event.plan);
  EXPECT_EQ(to_json(*event.plan), to_json(wanted));
  EXPECT_NEAR(epsilon_spent(ledger.events()), event.epsilon, 1e-9);
}

// Every digit of a cost counts: what is read back is what was written.
TEST_F(LedgerLimit, NumbersAreReadBackExactly) {
  Ledger ledger(path_);
  ledger.declare({.epsilon = 0.1 + 0.2, .delta = std::nextafter(1e-6, 1)});
  std::mt19937_64 random(5);
  std::vector<double> costs;
  for (int i = 0; i < 50; ++i) {
    const double noise = 1000 * std::uniform_real_distribution(1.0, 2.0)(random);
    costs.push_back(ledger.reserve(plan(noise)).cost.mu);
    EXPECT_EQ(Ledger(path_).events().back().plan->events[0].noise, noise);
  }
  const auto events = Ledger(path_).events();
  EXPECT_EQ(events[0].limit->epsilon, 0.1 + 0.2);
  EXPECT_EQ(events[0].limit->delta, std::nextafter(1e-6, 1));
  for (std::size_t i = 0; i < costs.size(); ++i) EXPECT_EQ(events[i + 1].cost.mu, costs[i]);
}

TEST_F(LedgerLimit, WithoutOneNothingIsCharged) {
  Ledger ledger(path_);
  EXPECT_EQ(kind_of([&] { ledger.reserve(plan(10)); }), ErrorKind::budget);
  EXPECT_NE(message_of([&] { ledger.reserve(plan(10)); }).find("--limit-epsilon"), std::string::npos);
  EXPECT_FALSE(std::filesystem::exists(path_));
}

// What is allowed is what plans are calibrated to: exactly that much passes, in one part or in many, and no more.
TEST_F(LedgerLimit, PlansThatAddUpToItPassAndTheNextIsRefused) {
  for (const int parts : {1, 2, 3, 7, 10, 49}) {
    std::filesystem::remove(path_);
    Ledger ledger(path_);
    ledger.declare(small_limit());
    for (int i = 0; i < parts; ++i) ledger.reserve(plan(noise_for(small_limit(), parts)));
    EXPECT_LE(epsilon_spent(ledger.events()), small_limit().epsilon);
    EXPECT_GT(epsilon_spent(ledger.events()), small_limit().epsilon * 0.99);
    EXPECT_EQ(kind_of([&] { ledger.reserve(plan(1e5)); }), ErrorKind::budget) << parts;
    EXPECT_EQ(ledger.events().size(), static_cast<std::size_t>(parts + 1));
  }
}

TEST_F(LedgerLimit, ARefusalSaysWhatIsLeft) {
  Ledger ledger(path_);
  ledger.declare(small_limit());
  ledger.reserve(plan(noise_for(small_limit(), 2)));
  const std::string message = message_of([&] { ledger.reserve(plan(1, "too much")); });
  const double left = std::sqrt(0.5) * allowed(small_limit()).mu;
  for (const std::string& part : {std::string("too much"), path_, fmt::format("mu {:.6g}", left), std::string("mu 1 "),
                                  fmt::format("epsilon {:.4g})", gaussian_epsilon(left, 0.99e-6))}) {
    EXPECT_NE(message.find(part), std::string::npos) << part << " in " << message;
  }
  EXPECT_EQ(ledger.events().size(), 2u);
}

TEST_F(LedgerLimit, APlanWithoutGuaranteeIsRefused) {
  Ledger ledger(path_);
  ledger.declare(small_limit());
  const Plan none{.purpose = "everything", .events = {{.what = "records", .kind = EventKind::no_guarantee}}};
  EXPECT_EQ(kind_of([&] { ledger.reserve(none); }), ErrorKind::budget);
  EXPECT_EQ(ledger.events().size(), 1u);
}

TEST_F(LedgerLimit, APlanIsChargedInTheLimitsRelation) {
  Limit limit = small_limit();
  limit.neighbours = Neighbours::replace_one;
  Ledger ledger(path_);
  ledger.declare(limit);
  const double twice = gaussian_cost(convert(plan(10), Neighbours::replace_one), plan_slack(limit)).mu;
  EXPECT_GT(twice, gaussian_cost(plan(10), plan_slack(limit)).mu);
  EXPECT_EQ(ledger.reserve(plan(10)).cost.mu, twice);
  EXPECT_EQ(ledger.events().back().plan->neighbours, Neighbours::replace_one);
}

TEST_F(LedgerLimit, ARelationWithoutATheoremIsRefused) {
  Ledger ledger(path_);
  ledger.declare(small_limit());
  Plan zero_out = plan(10);
  zero_out.neighbours = Neighbours::zero_out;
  EXPECT_EQ(kind_of([&] { ledger.reserve(zero_out); }), ErrorKind::budget);
  EXPECT_EQ(ledger.events().size(), 1u);
}

TEST_F(LedgerLimit, APlanForAnotherUnitIsRefused) {
  Ledger ledger(path_);
  ledger.declare(small_limit());
  Plan rows = plan(10);
  rows.unit = "row";
  EXPECT_EQ(kind_of([&] { ledger.reserve(rows); }), ErrorKind::budget);
  EXPECT_NE(message_of([&] { ledger.reserve(rows); }).find("row"), std::string::npos);
  EXPECT_EQ(ledger.events().size(), 1u);
}

// Deltas add up beside mu: a hundred plans that each use their slack fit, one more does not.
TEST_F(LedgerLimit, AHundredSlacksFit) {
  const GaussianCost each{.mu = 0, .delta = plan_slack(small_limit())};
  std::vector<Event> events;
  for (int i = 0; i < 100; ++i) {
    EXPECT_TRUE(fits(small_limit(), spent(events), each)) << i;
    events.push_back({.kind = "plan", .cost = each});
  }
  EXPECT_FALSE(fits(small_limit(), spent(events), each));
  EXPECT_NEAR(remaining(small_limit(), spent(events)).delta, 0, 1e-18);
}

TEST_F(LedgerLimit, NoNumberIsNoCost) {
  EXPECT_FALSE(fits(small_limit(), {}, {.mu = NAN}));
  EXPECT_FALSE(fits(small_limit(), {}, {.mu = 0, .delta = NAN}));
  EXPECT_FALSE(fits(small_limit(), {}, {.mu = INFINITY}));
}

// Ten thousand plans that take exactly the limit add up to it, whatever the rounding of single sums.
TEST_F(LedgerLimit, ManySmallCostsAddUpWithoutDrift) {
  const int parts = 10000;
  const double mu = allowed(small_limit()).mu / std::sqrt(parts);
  std::vector<Event> events(parts - 1, Event{.kind = "plan", .cost = {.mu = mu}});
  EXPECT_TRUE(fits(small_limit(), spent(events), {.mu = mu}));
  events.push_back(events.back());
  EXPECT_FALSE(fits(small_limit(), spent(events), {.mu = mu}));
  EXPECT_NEAR(spent(events).mu, allowed(small_limit()).mu, 1e-13);
}

TEST_F(LedgerLimit, ProcessesTogetherNeverOverspend) {
  Ledger(path_).declare(small_limit());
  const double noise = noise_for(small_limit(), 60);
  in_processes(4, [&](int p) {
    Ledger ledger(path_);
    for (int i = 0; i < 1000; ++i) {
      try {
        ledger.reserve(plan(noise, fmt::format("process {}", p)));
      } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::budget);
        return;
      }
    }
    ADD_FAILURE() << "never refused";
  });
  const auto events = Ledger(path_).events();
  EXPECT_EQ(events.size(), 61u);
  EXPECT_TRUE(fits(small_limit(), spent(events), {}));
}

TEST(EpsilonSpent, IsNothingForLooksAndInfiniteOnceDeclassified) {
  EXPECT_EQ(epsilon_spent({}), 0);
  std::vector<Event> events = {look("a"), look("b")};
  EXPECT_EQ(epsilon_spent(events), 0);
  events.push_back(declassification());
  EXPECT_TRUE(std::isinf(epsilon_spent(events)));
}

TEST(EpsilonSpent, IsOfAllPlansTogetherAtTheLimitsDelta) {
  std::vector<Event> events = {{.kind = "limit", .limit = small_limit()},
                               {.kind = "plan", .cost = {.mu = 0.3, .delta = 1e-9}},
                               {.kind = "plan", .cost = {.mu = 0.4, .delta = 2e-9}}};
  EXPECT_NEAR(spent(events).mu, 0.5, 1e-15);
  EXPECT_NEAR(epsilon_spent(events), gaussian_epsilon(0.5, 1e-6 - 3e-9), 1e-9);
}

TEST_F(LedgerLimit, APlanGoesOnAndFinishesOnce) {
  Ledger ledger(path_);
  ledger.declare(small_limit());
  const Reservation first = ledger.reserve(plan(100));
  const Reservation again = ledger.resume(plan(100), "all", first.id);
  EXPECT_EQ(again.cost.mu, first.cost.mu);
  EXPECT_FALSE(again.finished);
  EXPECT_EQ(kind_of([&] { ledger.resume(plan(101), "all", first.id); }), ErrorKind::input);
  EXPECT_EQ(kind_of([&] { ledger.resume(plan(100), "train", first.id); }), ErrorKind::input);
  EXPECT_EQ(kind_of([&] { ledger.resume(plan(100), "all", "0"); }), ErrorKind::input);
  ledger.finish("all", first.id, "aa");
  ledger.finish("all", first.id, "aa");
  EXPECT_EQ(kind_of([&] { ledger.finish("all", first.id, "bb"); }), ErrorKind::budget);
  EXPECT_TRUE(ledger.resume(plan(100), "all", first.id).finished);
  EXPECT_EQ(spent(ledger.events()).mu, first.cost.mu);
}

}  // namespace
}  // namespace understudy
