#include "generators/code/row_code.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "generators/model_file.h"
#include "understudy/cohort.h"

namespace understudy {
namespace {

Schema schema() {
  Schema schema;
  schema.subject = "id";
  schema.columns = {{.name = "age", .type = ColumnType::integer, .minimum = 0, .maximum = 99},
                    {.name = "note", .type = ColumnType::text},
                    {.name = "found", .type = ColumnType::codes, .categories = {"a", "b", "c"}},
                    {.name = "sex", .type = ColumnType::category, .categories = {"f", "m"}, .nullable = false}};
  return schema;
}

// Ages 20 to 59, a tenth missing; code b of every third, a of every ninth, c of nobody.
Table people() {
  Table table(schema().statics());
  table.resize(180);
  for (std::int64_t row = 0; row < 180; ++row) {
    if (row % 10 != 0) table.column(0).set_number(row, static_cast<double>(20 + row % 40));
    std::vector<std::int32_t> codes;
    if (row % 9 == 0) codes.push_back(0);
    if (row % 3 == 0) codes.push_back(1);
    table.column(2).set_codes(row, codes);
    table.column(3).set_number(row, static_cast<double>(row % 2));
  }
  return table;
}

TEST(RowCode, ThereAndBackWithAnExtraNumber) {
  const Table table = people();
  const auto specs = schema().statics();
  Column counts(ColumnType::integer);
  counts.resize(180);
  for (std::int64_t row = 0; row < 180; ++row) counts.set_number(row, static_cast<double>(row % 3));
  ColumnSpec count;
  count.type = ColumnType::integer;
  count.nullable = false;
  const RowCode code(specs, learn_marginals(specs, table), Bins(count, learn_marginal(count, counts, {.min_values = 0})));
  ASSERT_EQ(code.columns(), 5U);  // age, two codes, sex, the extra one
  const auto sizes = code.sizes();
  EXPECT_TRUE(std::is_sorted(sizes.begin(), sizes.end()));
  EXPECT_EQ(std::count(sizes.begin(), sizes.end(), 2), 3);
  const auto missing = code.missing();
  EXPECT_EQ(std::count(missing.begin(), missing.end(), -1), 4);
  EXPECT_EQ(missing.back(), sizes.back() - 1);  // age
  const auto shares = code.shares();
  for (std::size_t k = 0; k < 5; ++k) EXPECT_EQ(shares[k].size(), static_cast<std::size_t>(sizes[k]));

  Table back(specs);
  back.resize(180);
  Rng rng(1);
  std::vector<std::int32_t> categories(5);
  for (std::int64_t row = 0; row < 180; ++row) {
    code.encode(table, row, static_cast<double>(row % 3), categories);
    const auto extra = code.decode(categories, back, row, rng);
    ASSERT_EQ(extra, std::optional(static_cast<double>(row % 3)));
    EXPECT_EQ(back.column(0).is_valid(row), table.column(0).is_valid(row));
    EXPECT_EQ(back.column(2).codes(row), table.column(2).codes(row));
    EXPECT_EQ(back.column(3).number(row), table.column(3).number(row));
    EXPECT_FALSE(back.column(1).is_valid(row));
  }
}

// 70 codes: six are in no place of the chain, and still come up about as often.
TEST(RowCode, RareCodesAreDrawnByCoins) {
  std::vector<ColumnSpec> specs = {{.name = "found", .type = ColumnType::codes}};
  for (int i = 0; i < 70; ++i) specs[0].categories.push_back(std::to_string(i));
  Marginal marginal;
  marginal.type = ColumnType::codes;
  for (int i = 0; i < 70; ++i) marginal.shares.push_back(i < 64 ? 0.5 : 0.25);
  const RowCode code(specs, {marginal});
  ASSERT_EQ(code.columns(), CodeLimits{}.codes);
  Table table(specs);
  table.resize(4000);
  Rng rng(2);
  double rare = 0;
  for (std::int64_t row = 0; row < 4000; ++row) {
    code.decode(std::vector<std::int32_t>(64, 0), table, row, rng);
    rare += static_cast<double>(table.column(0).codes(row).size());
  }
  EXPECT_NEAR(rare / 4000, 1.5, 0.12);  // 7 standard errors
}

}  // namespace
}  // namespace understudy
