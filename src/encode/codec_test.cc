#include "encode/codec.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "encode/spec_json.h"
#include "testing/kind_of.h"
#include "understudy/error.h"

namespace understudy {
namespace {

ColumnSpec make_spec(std::string name, ColumnType type, std::optional<double> minimum = {},
                     std::optional<double> maximum = {}) {
  ColumnSpec spec;
  spec.name = std::move(name);
  spec.type = type;
  spec.minimum = minimum;
  spec.maximum = maximum;
  if (is_categorical(type)) spec.categories = {"a", "b", "c"};
  return spec;
}

std::vector<ColumnSpec> mixed_specs() {
  std::vector<ColumnSpec> specs = {make_spec("steps", ColumnType::integer, 0, 60000),
                                   make_spec("minutes", ColumnType::integer, 0, 1440),
                                   make_spec("weight", ColumnType::real, 20, 300),
                                   make_spec("rate", ColumnType::real, 0, 1),
                                   make_spec("day", ColumnType::date, 10000, 20000),
                                   make_spec("group", ColumnType::category),
                                   make_spec("flag", ColumnType::boolean),
                                   make_spec("note", ColumnType::text)};
  specs[2].decimals = 1;
  specs[6].categories = {"false", "true"};
  specs[6].nullable = false;
  specs[4].nullable = false;
  return specs;
}

Table mixed_table(const std::vector<ColumnSpec>& specs, std::int64_t rows, Rng& rng) {
  Table table(specs);
  table.resize(rows);
  for (std::int64_t row = 0; row < rows; ++row) {
    if (!rng.bernoulli(0.1)) table.column(0).set_number(row, std::min(std::round(std::exp(rng.normal() + 8)), 60000.0));
    table.column(1).set_number(row, rng.bernoulli(0.6) ? 0 : static_cast<double>(rng.below(300)));
    if (!rng.bernoulli(0.2)) table.column(2).set_number(row, std::round(rng.uniform(400, 1200)) / 10);
    table.column(3).set_number(row, rng.bernoulli(0.2) ? 0 : rng.uniform());
    table.column(4).set_number(row, 15000 + static_cast<double>(rng.below(31)));
    if (!rng.bernoulli(0.1)) table.column(5).set_number(row, static_cast<double>(rng.below(3)));
    table.column(6).set_number(row, static_cast<double>(rng.below(2)));
    table.column(7).set_string(row, "free text");
  }
  return table;
}

std::vector<Marginal> learn(const std::vector<ColumnSpec>& specs, const Table& table) {
  std::vector<Marginal> marginals;
  for (std::size_t c = 0; c < specs.size(); ++c) marginals.push_back(learn_marginal(specs[c], table.column(c)));
  return marginals;
}

std::vector<std::int64_t> all_rows(const Table& table) {
  std::vector<std::int64_t> rows(static_cast<std::size_t>(table.rows()));
  std::iota(rows.begin(), rows.end(), 0);
  return rows;
}

std::vector<float> encoded(const Codec& codec, const Table& table, std::uint64_t seed) {
  std::vector<float> out(static_cast<std::size_t>(table.rows() * codec.width()));
  Rng rng(seed);
  codec.encode(table, all_rows(table), out, rng);
  return out;
}

Table decoded(const Codec& codec, const std::vector<ColumnSpec>& specs, const std::vector<float>& values) {
  Table table(specs);
  table.resize(static_cast<std::int64_t>(values.size()) / codec.width());
  codec.decode(values, table, 0);
  return table;
}

void expect_comes_back(const Table& before, const Table& after, double tolerance) {
  for (const std::size_t c : {0U, 1U, 2U, 4U, 5U, 6U}) EXPECT_EQ(before.column(c), after.column(c)) << before.name(c);
  for (std::int64_t row = 0; row < before.rows(); ++row) {
    const double x = before.column(3).number(row);
    ASSERT_NEAR(after.column(3).number(row), x, x == 0 ? 0 : tolerance);
    ASSERT_FALSE(after.column(7).is_valid(row));
  }
}

TEST(Codec, QuantileCodingComesBack) {
  Rng rng(11);
  const auto specs = mixed_specs();
  const Table table = mixed_table(specs, 20000, rng);
  const Codec codec(specs, learn(specs, table), Coding::quantile);
  expect_comes_back(table, decoded(codec, specs, encoded(codec, table, 1)), 1e-5);
}

TEST(Codec, BoundsCodingComesBack) {
  Rng rng(12);
  const auto specs = mixed_specs();
  const Table table = mixed_table(specs, 5000, rng);
  expect_comes_back(table,
                    decoded(Codec(specs, learn(specs, table), Coding::bounds), specs,
                            encoded(Codec(specs, learn(specs, table), Coding::bounds), table, 1)),
                    1e-6);
  const Codec plain(specs, {}, Coding::bounds);
  expect_comes_back(table, decoded(plain, specs, encoded(plain, table, 1)), 1e-6);
}

TEST(Codec, BlocksAreSideBySide) {
  Rng rng(13);
  const auto specs = mixed_specs();
  const Table table = mixed_table(specs, 2000, rng);
  const Codec codec(specs, learn(specs, table), Coding::quantile);
  std::int64_t offset = 0;
  for (const Block& block : codec.blocks()) {
    EXPECT_EQ(block.offset, offset);
    offset += block.width;
  }
  EXPECT_EQ(offset, codec.width());
  // steps 1 + missing; minutes 1 + missing + zero; weight 1 + missing; rate 1 + missing + zero; day 1; group 3 +
  // missing; flag 2; note nothing.
  EXPECT_EQ(codec.width(), 2 + 3 + 2 + 3 + 1 + 4 + 2);
}

TEST(Codec, BoundsScalarsByHand) {
  auto spec = make_spec("x", ColumnType::integer, 10, 20);
  spec.nullable = false;
  Table table(std::vector{spec});
  table.resize(3);
  for (int i = 0; i < 3; ++i) table.column(0).set_number(i, 10 + 5 * i);
  const Codec codec({spec}, {}, Coding::bounds);
  EXPECT_EQ(encoded(codec, table, 1), (std::vector<float>{-1, 0, 1}));
  const Table back = decoded(codec, {spec}, {-7, 0.19F, std::nanf("")});
  EXPECT_EQ(back.column(0).number(0), 10);
  EXPECT_EQ(back.column(0).number(1), 16);
  EXPECT_EQ(back.column(0).number(2), 10);
}

TEST(Codec, ScalarsAreNormalAlsoUnderFlags) {
  Rng rng(14);
  const auto specs = mixed_specs();
  const Table table = mixed_table(specs, 20000, rng);
  const Codec codec(specs, learn(specs, table), Coding::quantile);
  const auto values = encoded(codec, table, 2);
  const auto rows = static_cast<double>(table.rows());
  for (const Block& block : codec.blocks()) {
    if (block.kind != Block::Kind::scalar) continue;
    double sum = 0;
    double squares = 0;
    for (std::int64_t row = 0; row < table.rows(); ++row) {
      const double z = 3.0 * static_cast<double>(values[static_cast<std::size_t>(row * codec.width() + block.offset)]);
      sum += z;
      squares += z * z;
    }
    // Mean and variance of 20,000 normal draws stray by 6 standard errors with probability below 1e-8; parts of the
    // marginal that are not flat inside add a little.
    EXPECT_NEAR(sum / rows, 0, 6 / std::sqrt(rows) + 0.01);
    EXPECT_NEAR(squares / rows, 1, 6 * std::sqrt(2 / rows) + 0.02);
  }
}

TEST(Codec, AnyNumbersDecodeInsideTheSchema) {
  Rng rng(15);
  const auto specs = mixed_specs();
  const Table table = mixed_table(specs, 1000, rng);
  const Codec codec(specs, learn(specs, table), Coding::quantile);
  std::vector<float> values(static_cast<std::size_t>(codec.width()) * 1000);
  for (float& value : values) {
    value = static_cast<float>(rng.normal() * std::exp(10 * rng.normal()));
    if (rng.bernoulli(0.2)) value = std::nanf("");
    if (rng.bernoulli(0.1)) value = -std::numeric_limits<float>::infinity();
  }
  const Table back = decoded(codec, specs, values);
  for (std::size_t c = 0; c < 5; ++c) {
    for (const double x : back.column(c).numbers()) {
      if (std::isnan(x)) continue;
      ASSERT_GE(x, *specs[c].minimum);
      ASSERT_LE(x, *specs[c].maximum);
    }
  }
  for (const double x : back.column(5).numbers()) ASSERT_TRUE(std::isnan(x) || (x >= 0 && x <= 2));
  EXPECT_EQ(back.column(6).validity().count(), 1000);
}

TEST(Codec, ConstantAndAllMissingColumns) {
  const std::vector<ColumnSpec> specs = {make_spec("constant", ColumnType::real),
                                         make_spec("missing", ColumnType::real)};
  Table table(specs);
  table.resize(50);
  for (int i = 0; i < 50; ++i) table.column(0).set_number(i, 3.7);
  const Codec codec(specs, learn(specs, table), Coding::quantile);
  EXPECT_EQ(decoded(codec, specs, encoded(codec, table, 3)), table);
}

TEST(Codec, JsonRoundTripCodesTheSame) {
  Rng rng(16);
  const auto specs = mixed_specs();
  const Table table = mixed_table(specs, 2000, rng);
  for (const Coding coding : {Coding::bounds, Coding::quantile}) {
    const Codec codec(specs, learn(specs, table), coding);
    const Codec back = Codec::from_json(nlohmann::json::parse(codec.to_json().dump()));
    const auto values = encoded(codec, table, 4);
    EXPECT_EQ(encoded(back, table, 4), values);
    EXPECT_EQ(decoded(back, specs, values), decoded(codec, specs, values));
  }
}

TEST(Codec, ColumnsAreFoundByName) {
  Rng rng(17);
  const auto specs = mixed_specs();
  const Table table = mixed_table(specs, 100, rng);
  const std::vector<ColumnSpec> one = {specs[5]};
  const Codec codec(one, {}, Coding::bounds);
  Table to = table;
  codec.decode(std::vector<float>{0, 1, 0, 0}, to, 7);
  EXPECT_EQ(to.column(5).number(7), 1);
  EXPECT_EQ(to.column(0), table.column(0));
}

TEST(Codec, CodesAreMultiHot) {
  ColumnSpec spec = make_spec("found", ColumnType::codes);
  spec.categories = {"a", "b", "c"};
  const std::vector<ColumnSpec> specs = {make_spec("flag", ColumnType::boolean), spec};
  Table table(specs);
  table.resize(3);
  for (std::int64_t row = 0; row < 3; ++row) table.column(0).set_number(row, 0);
  table.column(1).set_codes(0, {0, 2});
  table.column(1).set_codes(2, {0, 1, 2});
  const Codec codec(specs, learn(specs, table), Coding::quantile);
  ASSERT_EQ(codec.blocks().size(), 2U);
  EXPECT_EQ(codec.blocks()[1].kind, Block::Kind::multi_hot);
  EXPECT_EQ(codec.blocks()[1].offset, 4);
  EXPECT_EQ(codec.width(), 4 + 3);
  const auto values = encoded(codec, table, 1);
  EXPECT_EQ(std::vector<float>(values.begin() + 4, values.begin() + 7), (std::vector<float>{1, 0, 1}));
  EXPECT_EQ(decoded(codec, specs, values), table);
  const Codec back = Codec::from_json(nlohmann::json::parse(codec.to_json().dump()));
  EXPECT_EQ(encoded(back, table, 1), values);
  const Table soft = decoded(codec, specs, {1, 0, 0, 0, 0.51F, 0.5F, std::nanf("")});
  EXPECT_EQ(soft.column(1).codes(0), (std::vector<std::int32_t>{0}));
  table.column(1).set_codes(1, {3});
  EXPECT_EQ(kind_of([&] { encoded(codec, table, 1); }), ErrorKind::input);
}

TEST(Codec, RefusesByKind) {
  const auto unbounded = make_spec("x", ColumnType::real);
  EXPECT_EQ(kind_of([&] { Codec({unbounded}, {}, Coding::bounds); }), ErrorKind::input);
  EXPECT_EQ(kind_of([&] { Codec({unbounded}, {}, Coding::quantile); }), ErrorKind::input);
  EXPECT_EQ(kind_of([&] { Codec::from_json({{"coding", "morse"}}); }), ErrorKind::input);
  EXPECT_EQ(kind_of([&] { Codec::from_json({{"coding", "bounds"}}); }), ErrorKind::input);
  nlohmann::json spec = spec_to_json({.name = "x", .minimum = 0, .maximum = 1, .decimals = 2});
  for (const nlohmann::json& decimals : nlohmann::json({1e102, 1.5, -1, 16})) {
    spec["decimals"] = decimals;
    const nlohmann::json columns = nlohmann::json::array({spec}), none = nlohmann::json::array();
    EXPECT_EQ(kind_of([&] { Codec::from_json({{"coding", "bounds"}, {"columns", columns}, {"marginals", none}}); }),
              ErrorKind::input);
  }
  auto never_missing = make_spec("x", ColumnType::real, 0, 1);
  never_missing.nullable = false;
  Table table(std::vector{never_missing});
  table.resize(1);
  const Codec codec({never_missing}, {}, Coding::bounds);
  EXPECT_EQ(kind_of([&] { encoded(codec, table, 1); }), ErrorKind::input);
  table.column(0).set_number(0, std::nan(""));
  EXPECT_EQ(kind_of([&] { encoded(codec, table, 1); }), ErrorKind::input);
}

// Whole numbers from 1 on, half of them 1, without declared bounds: the flag stands for 1, not for the 0 next to it.
TEST(Codec, TheFlagOfTheLeastValueStandsForIt) {
  const std::vector<ColumnSpec> specs = {make_spec("visits", ColumnType::integer)};
  Table table(specs);
  table.resize(400);
  std::vector<std::int64_t> rows(400);
  std::iota(rows.begin(), rows.end(), 0);
  for (std::int64_t row = 0; row < 400; ++row) table.column(0).set_number(row, row % 2 == 0 ? 1 : static_cast<double>(2 + row % 5));
  const Codec codec(specs, learn(specs, table), Coding::quantile);
  Rng rng(1);
  std::vector<float> values(400 * static_cast<std::size_t>(codec.width()));
  codec.encode(table, rows, values, rng);
  Table back(specs);
  back.resize(400);
  codec.decode(values, back, 0);
  EXPECT_EQ(back.column(0), table.column(0));
}

// Without jitter equal rows have equal numbers, which decode as the jittered ones do.
TEST(Codec, WithoutJitterAValueHasOneCode) {
  const auto specs = mixed_specs();
  Rng rng(3);
  const Table table = mixed_table(specs, 300, rng);
  for (const Coding coding : {Coding::quantile, Coding::bounds}) {
    const Codec codec(specs, learn(specs, table), coding);
    std::vector<std::int64_t> rows(300);
    std::iota(rows.begin(), rows.end(), 0);
    std::vector<float> plain(300 * static_cast<std::size_t>(codec.width())), again(plain), jittered(plain);
    codec.encode(table, rows, plain);
    codec.encode(table, rows, again);
    codec.encode(table, rows, jittered, rng);
    EXPECT_EQ(plain, again);
    Table one(specs), other(specs);
    one.resize(300);
    other.resize(300);
    codec.decode(plain, one, 0);
    codec.decode(jittered, other, 0);
    for (const char* name : {"minutes", "day", "group", "flag"}) EXPECT_EQ(one.column(name), other.column(name)) << name;
  }
}

}  // namespace
}  // namespace understudy
