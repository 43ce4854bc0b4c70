#include "understudy/table.h"

#include <cmath>

#include "cohort/testing_files.h"

namespace understudy {
namespace {

TEST(Validity, GrowsAndCountsAcrossWords) {
  for (const std::int64_t first : {0, 1, 63, 64, 65, 100}) {
    for (const std::int64_t second : {100, 127, 128, 129, 300}) {
      Validity validity;
      validity.resize(first, false);
      validity.resize(second, true);
      EXPECT_EQ(validity.count(), second - first) << first << " " << second;
      for (std::int64_t row = 0; row < second; ++row) EXPECT_EQ(validity[row], row >= first);
      validity.resize(first, true);
      EXPECT_EQ(validity.count(), 0);
    }
  }
}

TEST(Column, KeepsValuesAndMissing) {
  Column column(ColumnType::integer);
  column.resize(3);
  EXPECT_FALSE(column.is_valid(0));
  column.set_number(1, 41.6);
  EXPECT_EQ(column.number(1), 42);
  const auto numbers = column.numbers();
  EXPECT_TRUE(std::isnan(numbers[0]));
  EXPECT_EQ(numbers[1], 42);
  column.set_missing(1);
  EXPECT_EQ(column.validity().count(), 0);
}

TEST(Column, MissingEqualsMissingWhateverStandsUnderIt) {
  Column a(ColumnType::real);
  Column b(ColumnType::real);
  a.resize(2);
  b.resize(2);
  a.set_number(0, 1);
  a.set_missing(0);
  EXPECT_TRUE(a == b);
  b.set_number(1, 0);
  EXPECT_FALSE(a == b);
}

TEST(Column, CodesAreSetsAndNeverMissing) {
  Column column(ColumnType::codes);
  column.resize(70);
  EXPECT_EQ(column.validity().count(), 70);
  EXPECT_FALSE(column.is_written(0));
  column.set_codes(0, {7, 2, 7, 0});
  EXPECT_EQ(column.codes(0), (std::vector<std::int32_t>{0, 2, 7}));
  EXPECT_TRUE(column.is_written(0));
  Column other(ColumnType::codes);
  other.resize(70);
  EXPECT_FALSE(column == other);
  column.set_missing(0);
  EXPECT_TRUE(column.is_valid(0));
  EXPECT_TRUE(column == other);
  expect_parts(error_of(ErrorKind::internal, [&] { column.number(0); }), {"codes"});
  expect_parts(error_of(ErrorKind::internal, [&] { column.set_number(0, 1); }), {"codes"});
}

TEST(Column, AsSetKeepsTheFirst) {
  EXPECT_EQ(as_set({5, 1, 5, 3}, 2), (std::vector<std::int32_t>{1, 3}));
  EXPECT_EQ(as_set({5, 1}, 2), (std::vector<std::int32_t>{1, 5}));
  EXPECT_TRUE(as_set({}).empty());
}

TEST(Table, SelectsAndAppends) {
  const std::vector<ColumnSpec> specs = {test_column("n", ColumnType::real), test_column("t", ColumnType::text),
                                         test_column("c", ColumnType::codes)};
  Table table(specs);
  table.resize(3);
  for (std::int64_t row = 0; row < 3; ++row) table.column(0).set_number(row, static_cast<double>(row) / 2);
  table.column(1).set_string(2, "last");
  table.column(2).set_codes(0, {1, 4});
  const std::vector<std::int64_t> rows = {2, 0, 2};
  Table picked = table.select(rows);
  EXPECT_EQ(picked.column("t").string(0), "last");
  EXPECT_FALSE(picked.column("t").is_valid(1));
  picked.append(table);
  EXPECT_EQ(picked.rows(), 6);
  EXPECT_EQ(picked.column("n").number(5), 1.0);
  EXPECT_FALSE(picked.column("t").is_valid(3));
  EXPECT_TRUE(picked.column("c").codes(0).empty());
  for (const std::int64_t row : {1, 3}) EXPECT_EQ(picked.column("c").codes(row), (std::vector<std::int32_t>{1, 4}));
  expect_parts(error_of(ErrorKind::input, [&] { table.column("x"); }), {"'x'", "n, t"});
}

}  // namespace
}  // namespace understudy
