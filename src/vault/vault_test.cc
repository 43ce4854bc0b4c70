#include "understudy/vault.h"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <set>
#include <stdexcept>

#include "understudy/error.h"

namespace understudy {
namespace {

Cohort small_cohort(std::int64_t subjects) {
  Schema schema;
  schema.name = "small";
  schema.subject = "id";
  ColumnSpec age;
  age.name = "age";
  age.type = ColumnType::integer;
  schema.columns = {age};
  Cohort cohort = make_cohort(schema);
  cohort.statics.resize(subjects);
  for (std::int64_t s = 0; s < subjects; ++s) {
    cohort.subjects.push_back(fmt::format("p{}", s));
    cohort.statics.column(0).set_number(s, static_cast<double>(20 + s));
  }
  return cohort;
}

double sum_of_ages(const Cohort& cohort) {
  double sum = 0;
  for (const double age : cohort.statics.column(0).numbers()) sum += age;
  return sum;
}

class VaultTest : public testing::Test {
 protected:
  VaultTest() : path_(testing::TempDir() + "vault_" + testing::UnitTest::GetInstance()->current_test_info()->name()) {
    std::filesystem::remove(path_);
  }
  ~VaultTest() override { std::filesystem::remove(path_); }

  std::string path_;
  Ledger ledger_{path_};
};

TEST_F(VaultTest, LoadingIsTheFirstEvent) {
  const Vault vault(small_cohort(3), ledger_);
  const auto events = ledger_.events();
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0].kind, "load");
  EXPECT_EQ(events[0].part, "all");
  EXPECT_EQ(events[0].purpose, "read small");
  EXPECT_EQ(vault.name(), "all");
  EXPECT_EQ(vault.schema().name, "small");
}

TEST_F(VaultTest, LoadingIsListedBeforeTheRecordsAreRead) {
  const Vault vault = Vault::open(ledger_, "read small", [&] {
    EXPECT_EQ(ledger_.events().size(), 1u);
    return small_cohort(3);
  });
  EXPECT_EQ(ledger_.events().back().kind, "load");
  EXPECT_EQ(ledger_.events().back().purpose, "read small");
}

TEST_F(VaultTest, ALoadThatCannotBeListedReadsNothing) {
  std::filesystem::create_directory(path_);  // nothing can be appended to a folder
  bool read = false;
  EXPECT_THROW(Vault::open(ledger_, "read small", [&] {
                 read = true;
                 return small_cohort(3);
               }),
               Error);
  EXPECT_FALSE(read);
}

TEST_F(VaultTest, ASplitIsListed) {
  const Vault vault(small_cohort(4), ledger_);
  const std::vector<std::pair<std::string, double>> halves = {{"train", 0.5}, {"holdout", 0.5}};
  vault.split(halves, Rng(1));
  EXPECT_EQ(ledger_.events().back().kind, "look");
  EXPECT_EQ(ledger_.events().back().purpose, "split the subjects");
}

TEST_F(VaultTest, ALookIsListedBeforeItHappensAndNotCharged) {
  const Vault vault(small_cohort(3), ledger_);
  const Inside<double> sum = vault.look("sum of ages", [&](const Cohort& cohort) {
    EXPECT_EQ(ledger_.events().size(), 2u);
    return sum_of_ages(cohort);
  });
  EXPECT_EQ(sum.value(), 63);
  const Event event = ledger_.events().back();
  EXPECT_EQ(event.kind, "look");
  EXPECT_EQ(event.purpose, "sum of ages");
  EXPECT_EQ(event.side, "inside");
  EXPECT_EQ(epsilon_spent(ledger_.events()), 0);
}

TEST_F(VaultTest, ALookThatFailsStaysListed) {
  const Vault vault(small_cohort(3), ledger_);
  EXPECT_THROW(vault.look("fails", [](const Cohort&) -> int { throw std::runtime_error("no"); }), std::runtime_error);
  EXPECT_EQ(ledger_.events().back().purpose, "fails");
}

TEST_F(VaultTest, ALookThatCannotBeListedDoesNotHappen) {
  const Vault vault(small_cohort(3), ledger_);
  std::filesystem::remove(path_);
  std::filesystem::create_directory(path_);  // nothing can be appended to a folder
  bool looked = false;
  EXPECT_THROW(vault.look("unlisted",
                          [&](const Cohort&) {
                            looked = true;
                            return 0;
                          }),
               Error);
  EXPECT_FALSE(looked);
}

TEST_F(VaultTest, WhatFollowsStaysOnItsSide) {
  const Vault vault(small_cohort(3), ledger_);
  const Inside<double> sum = vault.look("sum", sum_of_ages);
  const Inside<std::string> text = sum.then([](double value) { return std::to_string(static_cast<int>(value)); });
  EXPECT_EQ(text.value(), "63");
  const Released<std::string> out = vault.declassify(text, "made-up people");
  const Released<std::size_t> length = out.then([](const std::string& value) { return value.size(); });
  EXPECT_EQ(length.value(), 2u);
}

TEST_F(VaultTest, DeclassificationCostsInfiniteEpsilonAndKeepsItsReason) {
  const Vault vault(small_cohort(3), ledger_);
  const Released<double> out = vault.declassify(vault.look("sum", sum_of_ages), "made-up people");
  EXPECT_EQ(out.value(), 63);
  const Event event = ledger_.events().back();
  EXPECT_EQ(event.kind, "declassify");
  EXPECT_EQ(event.side, "outside");
  EXPECT_EQ(event.purpose, "made-up people");
  EXPECT_TRUE(std::isinf(epsilon_spent(ledger_.events())));
}

TEST_F(VaultTest, DeclassificationWithoutAReasonIsRefusedAndNotRecorded) {
  const Vault vault(small_cohort(3), ledger_);
  const auto sum = vault.look("sum", sum_of_ages);
  const std::size_t before = ledger_.events().size();
  try {
    vault.declassify(sum, "");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
  }
  EXPECT_EQ(ledger_.events().size(), before);
}

TEST_F(VaultTest, SplitDealsEachSubjectOnceAndNamesTheParts) {
  const Vault vault(small_cohort(11), ledger_);
  const std::vector<std::pair<std::string, double>> parts = {{"train", 0.5}, {"holdout", 0.5}};
  const auto vaults = vault.split(parts, Rng(1));
  ASSERT_EQ(vaults.size(), 2u);
  EXPECT_EQ(vaults[0].name(), "train");
  EXPECT_EQ(vaults[1].name(), "holdout");
  std::multiset<std::string> seen;
  for (const Vault& part : vaults) {
    const auto keys = part.look("keys", [](const Cohort& cohort) { return cohort.subjects; });
    seen.insert(keys.value().begin(), keys.value().end());
  }
  EXPECT_EQ(seen.size(), 11u);
  EXPECT_EQ(std::set<std::string>(seen.begin(), seen.end()).size(), 11u);
  EXPECT_EQ(ledger_.events().back().part, "holdout");
}

TEST_F(VaultTest, SplitDoesNotDependOnTheOrderOfSubjects) {
  const Cohort cohort = small_cohort(40);
  std::vector<std::int64_t> backwards;
  for (std::int64_t s = 39; s >= 0; --s) backwards.push_back(s);
  const std::vector<std::pair<std::string, double>> parts = {{"train", 0.3}};
  const auto keys = [&](const Cohort& from) {
    const auto inside =
        Vault(from, ledger_).split(parts, Rng(4))[0].look("keys", [](const Cohort& c) { return c.subjects; });
    return std::set<std::string>(inside.value().begin(), inside.value().end());
  };
  const auto expected = keys(cohort);
  EXPECT_EQ(expected.size(), 12u);
  EXPECT_EQ(keys(cohort.select(backwards)), expected);
}

TEST_F(VaultTest, SplitRefusesImpossibleShares) {
  const Vault vault(small_cohort(4), ledger_);
  for (const double share : {-0.1, 1.1, std::nan("")}) {
    const std::vector<std::pair<std::string, double>> parts = {{"train", share}};
    EXPECT_THROW(vault.split(parts, Rng(1)), Error) << share;
  }
}

}  // namespace
}  // namespace understudy
