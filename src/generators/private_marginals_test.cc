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
  Cohort cohort = find_simulator("wearable").simulate(subjects, context);
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

}  // namespace
}  // namespace understudy
