#include "generators/code/bins.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "testing/kind_of.h"
#include "understudy/error.h"

namespace understudy {
namespace {

Column column_of(ColumnType type, const std::vector<double>& values) {
  Column column(type);
  column.resize(static_cast<std::int64_t>(values.size()));
  for (std::size_t row = 0; row < values.size(); ++row) {
    if (!std::isnan(values[row])) column.set_number(static_cast<std::int64_t>(row), values[row]);
  }
  return column;
}

ColumnSpec spec_of(ColumnType type, bool nullable) {
  ColumnSpec spec;
  spec.name = "x";
  spec.type = type;
  spec.minimum = 0;
  spec.maximum = 1000;
  spec.nullable = nullable;
  return spec;
}

// A third zeros, the rest spread wide, a tenth missing.
std::vector<double> mixed() {
  Rng rng(1);
  std::vector<double> values;
  for (int i = 0; i < 30000; ++i) {
    values.push_back(i % 10 == 0 ? std::nan("") : i % 3 == 0 ? 0 : std::floor(1000 * rng.uniform()));
  }
  return values;
}

TEST(Bins, FewValuesAreACategoryEach) {
  const Column column = column_of(ColumnType::integer, {1, 1, 2, 2, 2, 7, 7, 7, 7, 1});
  const ColumnSpec spec = spec_of(ColumnType::integer, false);
  const Bins bins(spec, learn_marginal(spec, column, {.min_values = 0}));
  EXPECT_LE(bins.size(), Bins::kMost);
  Column drawn = column_of(ColumnType::integer, std::vector<double>(10, std::nan("")));
  Rng rng(2);
  for (std::int64_t row = 0; row < 10; ++row) {
    bins.draw(drawn, row, bins.category(column, row), rng);
    EXPECT_EQ(drawn.number(row), column.number(row));
  }
}

// There and back: a value stays in its category, missing stays missing, zeros stay zeros, the mean stays.
TEST(Bins, ManyValuesShareCategories) {
  const auto values = mixed();
  const Column column = column_of(ColumnType::integer, values);
  const ColumnSpec spec = spec_of(ColumnType::integer, true);
  const Bins bins(spec, learn_marginal(spec, column));
  EXPECT_GT(bins.size(), 60);
  EXPECT_LE(bins.size(), 2 * Bins::kMost);
  Column drawn(ColumnType::integer);
  drawn.resize(column.size());
  Rng rng(3);
  double before = 0, after = 0;
  std::vector<double> counts(static_cast<std::size_t>(bins.size()));
  for (std::int64_t row = 0; row < column.size(); ++row) {
    const std::int32_t category = bins.category(column, row);
    ++counts[static_cast<std::size_t>(category)];
    bins.draw(drawn, row, category, rng);
    EXPECT_EQ(drawn.is_valid(row), column.is_valid(row));
    EXPECT_EQ(bins.category(drawn, row), category);
    if (!column.is_valid(row)) continue;
    EXPECT_EQ(drawn.number(row) == 0, column.number(row) == 0);
    before += column.number(row), after += drawn.number(row);
  }
  EXPECT_NEAR(after / before, 1, 0.01);
  const auto shares = bins.shares();
  ASSERT_EQ(shares.size(), counts.size());
  EXPECT_NEAR(std::accumulate(shares.begin(), shares.end(), 0.0), 1, 1e-9);
  for (std::size_t c = 0; c < shares.size(); ++c) EXPECT_NEAR(shares[c], counts[c] / 30000, 1e-6) << c;
}

TEST(Bins, CategoriesAreThemselves) {
  ColumnSpec spec;
  spec.name = "c";
  spec.type = ColumnType::category;
  spec.categories = {"a", "b", "c"};
  const Column column = column_of(ColumnType::category, {2, 0, std::nan("")});
  const Bins bins(spec, learn_marginal(spec, column));
  EXPECT_EQ(bins.size(), 4);
  for (std::int64_t row = 0; row < 3; ++row) EXPECT_EQ(bins.category(column, row), (std::vector<std::int32_t>{2, 0, 3})[static_cast<std::size_t>(row)]);
  Column drawn = column_of(ColumnType::category, {0});
  Rng rng(4);
  bins.draw(drawn, 0, 1, rng);  // nobody has it, and it can be drawn all the same
  EXPECT_EQ(drawn.number(0), 1);
}

TEST(Bins, RefusesAMissingValueWhereNoneMayBe) {
  const Column column = column_of(ColumnType::integer, {1, std::nan("")});
  const ColumnSpec spec = spec_of(ColumnType::integer, false);
  const Bins bins(spec, learn_marginal(spec, column));
  EXPECT_EQ(kind_of([&] { bins.category(column, 1); }), ErrorKind::input);
}

}  // namespace
}  // namespace understudy
