#include "generators/private_marginals.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <numeric>

#include "testing/kind_of.h"
#include "understudy/simulator.h"

namespace understudy {
namespace {

// Simulated people with a public schema.
Cohort people(std::int64_t subjects) {
  Context context;
  context.seed = 1;
  Cohort cohort = find_simulator("wearable").simulate(subjects, context, 0);
  cohort.schema.max_rows = 40;
  return cohort;
}

class MarginalPurchaseTest : public ::testing::Test {
 protected:
  MarginalPurchaseTest() : path_(fmt::format("{}purchase_{}", ::testing::TempDir(), getpid())), ledger_(path_) {
    ledger_.declare({.epsilon = 1e9, .delta = 1e-6});
  }
  ~MarginalPurchaseTest() override { std::filesystem::remove(path_); }

  PrivateMarginals buy(const Cohort& cohort, double mu) {
    const Vault vault(cohort, ledger_);
    const MarginalPurchase purchase(vault.schema(), mu);
    PrivateSession session(vault, {.purpose = "test", .events = purchase.events()}, 1);
    return purchase.buy(session).value();
  }

  std::string path_;
  Ledger ledger_;
};

TEST(Simplex, NearestPointsComputedByHand) {
  EXPECT_EQ(project_to_simplex({3, 1}, 4), (std::vector<double>{3, 1}));
  EXPECT_EQ(project_to_simplex({3, -1}, 2), (std::vector<double>{2, 0}));
  EXPECT_EQ(project_to_simplex({2, 2, -5}, 3), (std::vector<double>{1.5, 1.5, 0}));
  EXPECT_EQ(project_to_simplex({-1, -3}, 1), (std::vector<double>{1, 0}));
  EXPECT_EQ(project_to_simplex({5, 1}, 0), (std::vector<double>{0.5, 0.5}));
}

TEST_F(MarginalPurchaseTest, CostsWhatWasAsked) {
  const Schema schema = people(3).schema;
  const GaussianCost cost = gaussian_cost({.purpose = "x", .events = MarginalPurchase(schema, 0.3).events()}, 1e-9);
  EXPECT_LE(cost.mu, 0.3);
  EXPECT_GT(cost.mu, 0.3 * (1 - 1e-6));
}

// With hardly any noise the shares are those of the data: of each person once for statics.
TEST_F(MarginalPurchaseTest, ManyPeopleAndLittleNoiseGiveTheShares) {
  const Cohort cohort = people(400);
  const PrivateMarginals bought = buy(cohort, 200);
  const auto statics = cohort.schema.statics();
  ASSERT_EQ(bought.statics.size(), statics.size());
  for (std::size_t c = 0; c < statics.size(); ++c) {
    const Column& column = cohort.statics.column(c);
    const Marginal real = learn_marginal(statics[c], column);
    EXPECT_NEAR(bought.statics[c].missing, real.missing, 0.01) << statics[c].name;
    if (is_categorical(statics[c].type)) {
      for (std::size_t k = 0; k < real.mass.size(); ++k) EXPECT_NEAR(bought.statics[c].mass[k], real.mass[k], 0.01);
    }
    if (!is_numeric(statics[c].type)) continue;
    for (const double u : {0.1, 0.5, 0.9}) {
      const double range = *statics[c].maximum - *statics[c].minimum;
      EXPECT_NEAR(bought.statics[c].quantile(u), real.quantile(u), 0.03 * range) << statics[c].name;
    }
  }
}

// 2,000 people of 20 rows with a value in one of them, evenly in [0, 100]. Dealt over all rows their weights would be 100 people's in
// all, against noise of 13 in each coarse part; dealt over values the quartiles are off by 2 or so (false alarm below 1e-6).
TEST_F(MarginalPurchaseTest, WhatIsSeldomMeasuredIsBoughtWithWholeWeights) {
  constexpr std::int64_t kPeople = 2000, kRows = 20;
  Schema schema;
  schema.name = "seldom";
  schema.subject = "id";
  schema.repeated = true;
  schema.max_rows = kRows;
  schema.columns = {{.name = "value", .type = ColumnType::integer, .minimum = 0, .maximum = 100}};
  Cohort cohort = make_cohort(schema);
  cohort.statics.resize(kPeople);
  cohort.series.resize(kPeople * kRows);
  Rng rng(1);
  for (std::int64_t s = 0; s < kPeople; ++s) {
    cohort.subjects.push_back(std::to_string(s));
    cohort.offsets.push_back((s + 1) * kRows);
    cohort.series.column(0).set_number(s * kRows + static_cast<std::int64_t>(rng.below(kRows)), static_cast<double>(rng.below(101)));
  }
  const Marginal bought = buy(cohort, 0.25).series[0];
  EXPECT_NEAR(bought.missing, 0.95, 0.05);
  for (const double u : {0.25, 0.5, 0.75}) EXPECT_NEAR(bought.quantile(u), 100 * u, 15) << u;
}

TEST_F(MarginalPurchaseTest, DistributionsAreProperHoweverGreatTheNoise) {
  for (const double mu : {1e-3, 0.05}) {
    const PrivateMarginals bought = buy(people(5), mu);
    for (const auto* part : {&bought.statics, &bought.series}) {
      for (const Marginal& marginal : *part) {
        if (marginal.mass.empty()) continue;
        EXPECT_NEAR(std::accumulate(marginal.mass.begin(), marginal.mass.end(), 0.0), 1, 1e-9);
        EXPECT_TRUE(marginal.missing >= 0 && marginal.missing <= 1);
        EXPECT_FALSE(marginal.from_data);
        EXPECT_TRUE(std::is_sorted(marginal.edges.begin(), marginal.edges.end()));
      }
    }
  }
}

TEST_F(MarginalPurchaseTest, WhatIsNotPublicIsRefused) {
  Schema open = people(2).schema;
  open.max_rows.reset();
  EXPECT_EQ(kind_of([&] { MarginalPurchase(open, 1); }), ErrorKind::input);
  open = people(2).schema;
  open.columns.front().is_public = false;
  EXPECT_EQ(kind_of([&] { MarginalPurchase(open, 1); }), ErrorKind::input);
}

// Each code by itself: half of the people always have the first, one visit in four shows the second, nobody the others.
Cohort coded(std::int64_t subjects, std::optional<std::int64_t> most) {
  Schema schema;
  schema.name = "coded";
  schema.subject = "id";
  schema.repeated = true;
  schema.max_rows = 8;
  schema.columns = {{.name = "found", .type = ColumnType::codes, .categories = {"a", "b", "c", "d"}}};
  schema.columns[0].max_codes = most;
  Cohort cohort = make_cohort(schema);
  cohort.statics.resize(subjects);
  for (std::int64_t s = 0; s < subjects; ++s) {
    cohort.subjects.push_back(std::to_string(s));
    cohort.offsets.push_back(cohort.offsets.back() + 4 * (1 + s % 2));
    cohort.series.resize(cohort.offsets.back());
    for (std::int64_t row = cohort.offsets[static_cast<std::size_t>(s)]; row < cohort.offsets.back(); ++row) {
      std::vector<std::int32_t> codes;
      if (s % 4 < 2) codes.push_back(0);
      if (row % 4 == 0) codes.push_back(1);
      cohort.series.column(0).set_codes(row, codes);
    }
  }
  return cohort;
}

TEST_F(MarginalPurchaseTest, CodesGetTheirShares) {
  const Marginal found = buy(coded(400, 3), 200).series.front();
  ASSERT_EQ(found.shares.size(), 4U);
  const double wanted[] = {0.5, 0.25, 0, 0};
  for (std::size_t k = 0; k < 4; ++k) EXPECT_NEAR(found.shares[k], wanted[k], 0.01) << k;
  EXPECT_EQ(found.type, ColumnType::codes);
}

TEST_F(MarginalPurchaseTest, OnlyTheFirstCodesOfACellCount) {
  const Marginal found = buy(coded(400, 1), 200).series.front();
  EXPECT_NEAR(found.shares[0], 0.5, 0.01);
  EXPECT_NEAR(found.shares[1], 0.125, 0.01);  // half of its cells hold the first code too
}

TEST_F(MarginalPurchaseTest, SharesOfCodesAreProperHoweverGreatTheNoise) {
  for (const double mu : {1e-3, 0.05}) {
    const PrivateMarginals bought = buy(coded(5, 3), mu);
    for (const double share : bought.series.front().shares) EXPECT_TRUE(share >= 0 && share <= 1);
  }
}

TEST_F(MarginalPurchaseTest, CodesCostWhatWasAsked) {
  const MarginalPurchase purchase(coded(3, 3).schema, 0.3);
  const GaussianCost cost = gaussian_cost({.purpose = "x", .events = purchase.events()}, 1e-9);
  EXPECT_LE(cost.mu, 0.3);
  EXPECT_GT(cost.mu, 0.3 * (1 - 1e-6));
  EXPECT_EQ(kind_of([] { MarginalPurchase(coded(3, {}).schema, 0.3); }), ErrorKind::usage);
}

}  // namespace
}  // namespace understudy
