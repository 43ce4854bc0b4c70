#include "generators/panel/channel_calibration.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace understudy {
namespace {

ColumnSpec spec_of(std::string name, ColumnType type, bool nullable = true) {
  ColumnSpec spec;
  spec.name = std::move(name);
  spec.type = type;
  spec.nullable = nullable;
  if (is_numeric(type)) spec.minimum = 0, spec.maximum = 100;
  if (is_categorical(type) || is_set(type)) spec.categories = {"a", "b", "c"};
  if (is_set(type)) spec.max_codes = 3;
  return spec;
}

struct Columns {
  std::vector<ColumnSpec> specs = {spec_of("x", ColumnType::real), spec_of("kind", ColumnType::category, false),
                                   spec_of("found", ColumnType::codes)};
  Table table{specs};
  std::vector<Marginal> marginals;

  // 30 % of x missing, the rest squares; kinds 0.7, 0.3, never; codes 0.1, always, never.
  explicit Columns(std::int64_t rows = 4000) {
    table.resize(rows);
    for (std::int64_t row = 0; row < rows; ++row) {
      const double u = static_cast<double>(row) / static_cast<double>(rows);
      if (row % 10 >= 3) table.column(0).set_number(row, 100 * u * u);
      table.column(1).set_number(row, row % 10 < 7 ? 0 : 1);
      table.column(2).set_codes(row, row % 10 == 5 ? std::vector<std::int32_t>{0, 1} : std::vector<std::int32_t>{1});
    }
    for (const ColumnSpec& spec : specs) marginals.push_back(learn_marginal(spec, table.column(spec.name)));
  }
};

std::vector<float> encoded(const Columns& columns, const Codec& codec) {
  std::vector<std::int64_t> rows(static_cast<std::size_t>(columns.table.rows()));
  std::iota(rows.begin(), rows.end(), 0);
  std::vector<float> result(rows.size() * static_cast<std::size_t>(codec.width()));
  Rng rng(1);
  codec.encode(columns.table, rows, result, rng);
  return result;
}

TEST(ChannelCalibration, UnitRowsComeBack) {
  const Columns columns;
  for (const Coding coding : {Coding::quantile, Coding::bounds}) {
    const Codec codec(columns.specs, columns.marginals, coding);
    std::vector<float> rows = encoded(columns, codec);
    to_unit_rows(codec, rows);
    for (const float x : rows) ASSERT_TRUE(x >= 0 && x <= 1);
    if (coding == Coding::bounds) {
      EXPECT_NEAR(rows[static_cast<std::size_t>(5 * codec.width())], std::pow(5.0 / 4000, 2), 1e-7);
    }
    EXPECT_EQ(rows[0], 0.5F);  // missing
    Rng rng(2);
    Table back(columns.specs);
    back.resize(columns.table.rows());
    codec.decode(choose_rows(codec, {}, 8, rows, rng), back, 0);
    EXPECT_EQ(back.column(1), columns.table.column(1));
    EXPECT_EQ(back.column(2), columns.table.column(2));
    for (std::int64_t row = 0; row < back.rows(); ++row) {
      ASSERT_EQ(back.column(0).is_valid(row), columns.table.column(0).is_valid(row));
      if (!back.column(0).is_valid(row)) continue;
      ASSERT_NEAR(back.column(0).number(row), columns.table.column(0).number(row), 0.4);  // a part holds 1 in 256
    }
  }
}

// Chances that say nothing, and scalars in a corner. Shares within 0.03: the reference is known to 0.004 and a share of 20,000
// rows to 0.0035, so this is six standard errors (a false alarm below 1e-8).
TEST(ChannelCalibration, MarginsAreMended) {
  const Columns columns;
  const Codec codec(columns.specs, columns.marginals, Coding::quantile);
  for (const double sharpness : {1.0, 8.0}) {
    Rng rng(3);
    std::vector<float> outputs(static_cast<std::size_t>(20000 * codec.width()));
    for (float& x : outputs) x = static_cast<float>(0.2 + 0.1 * rng.uniform());
    const ChannelCalibration mended = calibrate(codec, columns.marginals, sharpness, outputs, Rng(4));
    Table drawn(columns.specs);
    drawn.resize(20000);
    codec.decode(choose_rows(codec, mended, sharpness, outputs, rng), drawn, 0);
    std::vector<double> values, kinds(3), codes(3);
    for (std::int64_t row = 0; row < 20000; ++row) {
      if (drawn.column(0).is_valid(row)) values.push_back(drawn.column(0).number(row));
      kinds[static_cast<std::size_t>(drawn.column(1).number(row))] += 1.0 / 20000;
      for (const std::int32_t code : drawn.column(2).codes(row)) codes[static_cast<std::size_t>(code)] += 1.0 / 20000;
    }
    EXPECT_NEAR(static_cast<double>(values.size()) / 20000, 0.7, 0.03);
    EXPECT_NEAR(kinds[0], 0.7, 0.03);
    EXPECT_EQ(kinds[2], 0);
    EXPECT_NEAR(codes[0], 0.1, 0.03);
    EXPECT_NEAR(codes[1], 1, 1e-9);
    EXPECT_EQ(codes[2], 0);
    std::sort(values.begin(), values.end());
    for (const double u : {0.1, 0.5, 0.9}) {
      EXPECT_NEAR(std::sqrt(values[static_cast<std::size_t>(u * static_cast<double>(values.size()))] / 100), u, 0.03);
    }
  }
}

// What the network is sure of stays: chances far apart are not levelled, only shifted.
TEST(ChannelCalibration, WhatIsKnownStaysKnown) {
  const Columns columns;
  const Codec codec(columns.specs, columns.marginals, Coding::quantile);
  std::vector<float> rows = encoded(columns, codec), given;
  to_unit_rows(codec, rows);
  given = rows;
  for (float& x : given) x = 0.1F + 0.8F * x;
  const ChannelCalibration mended = calibrate(codec, columns.marginals, 8, given, Rng(4));
  Rng rng(5);
  Table back(columns.specs);
  back.resize(columns.table.rows());
  codec.decode(choose_rows(codec, mended, 8, given, rng), back, 0);
  std::int64_t wrong = 0;
  for (std::int64_t row = 0; row < back.rows(); ++row) {
    wrong += back.column(1).number(row) != columns.table.column(1).number(row);
    wrong += back.column(0).is_valid(row) != columns.table.column(0).is_valid(row);
  }
  EXPECT_LE(wrong, 40);  // of 8,000; the shares of the reference differ by up to 0.004 from those of the table
}

TEST(ChannelCalibration, KnotsAreFollowed) {
  std::vector<float> from(5), to = {0, 10, 20, 30, 40};
  Rng rng(1);
  from = {0, 1, 1, 1, 3};
  EXPECT_EQ(follow(from, to, -1, rng), 0);
  EXPECT_EQ(follow(from, to, 0.5F, rng), 5);
  EXPECT_EQ(follow(from, to, 2, rng), 35);
  EXPECT_EQ(follow(from, to, 7, rng), 40);
  double sum = 0;
  for (int i = 0; i < 4000; ++i) {
    const float drawn = follow(from, to, 1, rng);  // anywhere from 10 to 30
    ASSERT_TRUE(drawn >= 10 && drawn <= 30);
    sum += drawn;
  }
  EXPECT_NEAR(sum / 4000, 20, 0.6);  // six standard errors
  const auto knots = knots_of({4, 0, 2});
  EXPECT_EQ(knots.front(), 0);
  EXPECT_EQ(knots[128], 2);
  EXPECT_EQ(knots[64], 1);
  EXPECT_EQ(knots.back(), 4);
}

}  // namespace
}  // namespace understudy
