#include "generators/code_draws.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace understudy {
namespace {

ColumnSpec found(std::optional<std::int64_t> most) {
  ColumnSpec spec{.name = "found", .type = ColumnType::codes, .categories = {"a", "b", "c", "d"}};
  spec.max_codes = most;
  return spec;
}

Table drawn(const ColumnSpec& spec, std::vector<double> shares, std::int64_t rows, int threads = 1) {
  const std::vector<ColumnSpec> specs = {{.name = "x"}, spec};
  std::vector<Marginal> marginals(2);
  marginals[1].shares = std::move(shares);
  Table table(specs);
  table.resize(rows);
  Context context;
  context.threads = threads;
  draw_codes(specs, marginals, table, Rng(7), context);
  return table;
}

bool holds(const Column& column, std::int64_t row, std::int32_t code) {
  const auto& codes = column.codes(row);
  return std::find(codes.begin(), codes.end(), code) != codes.end();
}

// 40,000 cells: the tolerance of 0.015 is 6 standard errors of a share of 1/2, a false alarm below 1e-8.
TEST(CodeDraws, EachCodeComesWithItsShareAndApartFromTheOthers) {
  constexpr std::int64_t kRows = 40000;
  const Table table = drawn(found({}), {0.5, 0.2, 0, 1}, kRows);
  const Column& column = table.column("found");
  double count[4] = {}, both = 0;
  for (std::int64_t row = 0; row < kRows; ++row) {
    for (const std::int32_t code : column.codes(row)) count[code] += 1.0 / kRows;
    both += static_cast<double>(holds(column, row, 0) && holds(column, row, 1)) / kRows;
  }
  EXPECT_NEAR(count[0], 0.5, 0.015);
  EXPECT_NEAR(count[1], 0.2, 0.015);
  EXPECT_EQ(count[2], 0);
  EXPECT_NEAR(count[3], 1, 1e-9);
  EXPECT_NEAR(both, 0.1, 0.015);
  EXPECT_EQ(table.column("x").validity().count(), 0);
}

// Two of four codes, each as likely to stay: 40,000 cells, as above.
TEST(CodeDraws, TooManyAreThinnedEvenly) {
  constexpr std::int64_t kRows = 40000;
  const Table table = drawn(found(2), {1, 1, 1, 1}, kRows);
  double count[4] = {};
  for (std::int64_t row = 0; row < kRows; ++row) {
    ASSERT_EQ(table.column("found").codes(row).size(), 2U);
    for (const std::int32_t code : table.column("found").codes(row)) count[code] += 1.0 / kRows;
  }
  for (const double share : count) EXPECT_NEAR(share, 0.5, 0.015);
}

TEST(CodeDraws, TheSameWithAnyThreads) {
  EXPECT_EQ(drawn(found(2), {0.5, 0.2, 0.01, 0.9}, 10000, 1), drawn(found(2), {0.5, 0.2, 0.01, 0.9}, 10000, 2));
}

}  // namespace
}  // namespace understudy
