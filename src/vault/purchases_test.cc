#include "vault/purchases.h"

#include <gtest/gtest.h>
#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>

#include "testing/kind_of.h"

namespace understudy {
namespace {

// 3,000 people: a reading each from 40 to 139, a common group, and one person in a group of their own.
Cohort clinic() {
  Schema schema;
  schema.name = "clinic";
  schema.subject = "id";
  schema.columns = {{.name = "reading", .type = ColumnType::integer, .minimum = 40, .maximum = 139, .is_public = false},
                    {.name = "group", .type = ColumnType::category, .categories = {"a", "b", "alone"}, .is_public = false},
                    {.name = "age", .type = ColumnType::integer, .minimum = 0, .maximum = 120}};
  Cohort cohort = make_cohort(schema);
  cohort.statics.resize(3000);
  for (std::int64_t s = 0; s < 3000; ++s) {
    cohort.subjects.push_back(std::to_string(s));
    cohort.statics.column(0).set_number(s, static_cast<double>(40 + s % 100));
    cohort.statics.column(1).set_number(s, s == 7 ? 2 : static_cast<double>(s % 2));
    cohort.statics.column(2).set_number(s, 50);
  }
  return cohort;
}

class Purchase : public testing::Test {
 protected:
  Purchase() : path_(fmt::format("{}purchases_{}", testing::TempDir(), getpid())), ledger_(path_) {
    ledger_.declare({.epsilon = 1e6, .delta = 1e-6});
  }
  ~Purchase() override { std::filesystem::remove(path_); }
  std::string path_;
  Ledger ledger_;
};

TEST_F(Purchase, CostsWhatWasAskedAndSkipsWhatIsPublic) {
  const SchemaPurchase purchase(clinic().schema, 0.5, 1e-9);
  EXPECT_EQ(purchase.events().size(), 4u);
  const GaussianCost cost = gaussian_cost({.purpose = "x", .events = purchase.events()}, 1e-12);
  EXPECT_LE(cost.mu, 0.5);
  EXPECT_GT(cost.mu, 0.49);
  EXPECT_LE(cost.delta, 1e-9 * (1 + 1e-9));
}

// At mu 4 on 3,000 people: ends within 5 of the true ones, common groups named, the lone one not (chance 1e-9). The
// quantile's cell is off by more than 5 readings (150 people) with probability below e^-300.
TEST_F(Purchase, FindsBoundsAndCommonCategories) {
  const Vault vault(clinic(), ledger_);
  const SchemaPurchase purchase(vault.schema(), 4, 1e-9);
  PrivateSession session(vault, {.purpose = "buy a schema", .events = purchase.events()}, 1);
  const Schema schema = purchase.buy(session).value();
  EXPECT_TRUE(schema.is_public());
  EXPECT_NEAR(*schema.columns[0].minimum, 40, 5);
  EXPECT_NEAR(*schema.columns[0].maximum, 139, 5);
  EXPECT_EQ(schema.columns[1].categories, (std::vector<std::string>{"a", "b"}));
  EXPECT_TRUE(schema.columns[0].is_bought && schema.columns[1].is_bought && !schema.columns[2].is_bought);
  const Vault bounded = vault.recoded(schema);
  EXPECT_FALSE(bounded.look("test", [](const Cohort& c) { return c.statics.column(1).is_valid(7); }).value());
}

TEST_F(Purchase, CodesAreNotForSale) {
  Schema schema = clinic().schema;
  schema.columns.push_back({.name = "found", .type = ColumnType::codes, .categories = {"a"}, .max_codes = 1});
  EXPECT_EQ(SchemaPurchase(schema, 1, 1e-9).events().size(), 4u);
  schema.columns.back().is_public = false;
  EXPECT_EQ(kind_of([&] { SchemaPurchase(schema, 1, 1e-9); }), ErrorKind::input);
}

TEST_F(Purchase, NothingIsBoughtWhenAllIsPublic) {
  Schema schema = clinic().schema;
  for (ColumnSpec& column : schema.columns) column.is_public = true;
  EXPECT_TRUE(SchemaPurchase(schema, 1, 1e-9).empty());
}

}  // namespace
}  // namespace understudy
