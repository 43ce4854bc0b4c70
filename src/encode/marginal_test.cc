#include "encode/marginal.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "encode/normal.h"
#include "testing/kind_of.h"
#include "understudy/error.h"

namespace understudy {
namespace {

ColumnSpec spec_of(ColumnType type, std::optional<double> minimum = {}, std::optional<double> maximum = {},
                   std::optional<int> decimals = {}) {
  ColumnSpec spec;
  spec.name = std::string("x");
  spec.type = type;
  spec.minimum = minimum;
  spec.maximum = maximum;
  spec.decimals = decimals;
  return spec;
}

Column column_of(ColumnType type, const std::vector<double>& values) {
  Column column(type);
  column.resize(static_cast<std::int64_t>(values.size()));
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!std::isnan(values[i])) column.set_number(static_cast<std::int64_t>(i), values[i]);
  }
  return column;
}

// Largest distance between the empirical distribution of values in [0, 1] and the uniform one.
double ks_uniform(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const auto n = static_cast<double>(values.size());
  double worst = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto k = static_cast<double>(i);
    worst = std::max({worst, (k + 1) / n - values[i], values[i] - k / n});
  }
  return worst;
}

// P(KS > 3 / sqrt(n)) is about 2 exp(-18) = 3e-8 for every n used here.
double ks_bound(std::size_t n) { return 3 / std::sqrt(static_cast<double>(n)); }

TEST(Marginal, CutsByHand) {
  // Eight cells 0..7; parts of more than two values are halved: [0,4) holds five, [0,2) three, 0 is an atom of three.
  MarginalOptions options{.max_share = 0, .min_values = 2};
  const Marginal m = learn_marginal(spec_of(ColumnType::integer, 0, 7),
                                    column_of(ColumnType::integer, {0, 0, 0, 2, 3, 5, 6, std::nan("")}), options);
  EXPECT_EQ(m.edges, (std::vector<double>{0, 1, 2, 4, 8}));
  ASSERT_EQ(m.mass.size(), 4U);
  EXPECT_DOUBLE_EQ(m.mass[0], 3.0 / 7);
  EXPECT_DOUBLE_EQ(m.mass[1], 0);
  EXPECT_DOUBLE_EQ(m.mass[2], 2.0 / 7);
  EXPECT_DOUBLE_EQ(m.mass[3], 2.0 / 7);
  EXPECT_DOUBLE_EQ(m.missing, 1.0 / 8);
  EXPECT_FALSE(m.from_data);
  EXPECT_DOUBLE_EQ(m.cdf(0), 1.5 / 7);            // an atom counts half
  EXPECT_DOUBLE_EQ(m.cdf(3), 3.0 / 7 + 1.5 / 7);  // the middle of 3's half of [2, 4)
  EXPECT_EQ(m.quantile(0), 0);
  EXPECT_EQ(m.quantile(0.5), 2);
  EXPECT_EQ(m.quantile(1), 7);
  EXPECT_EQ(m.quantile(std::nan("")), 0);
}

TEST(Marginal, CategoriesAreShares) {
  ColumnSpec spec = spec_of(ColumnType::category);
  spec.categories = {"a", "b", "c"};
  const Marginal m = learn_marginal(spec, column_of(ColumnType::category, {0, 2, 2, std::nan(""), 2}));
  EXPECT_EQ(m.mass, (std::vector<double>{0.25, 0, 0.75}));
  EXPECT_DOUBLE_EQ(m.missing, 0.2);
  EXPECT_EQ(m.quantile(0.2), 0);
  EXPECT_EQ(m.quantile(0.3), 2);
  EXPECT_EQ(m.quantile(1), 2);
}

TEST(Marginal, CodesHaveAShareEach) {
  ColumnSpec spec;
  spec.type = ColumnType::codes;
  spec.categories = {"a", "b", "c"};
  Column column(ColumnType::codes);
  column.resize(4);
  column.set_codes(0, {0, 1});
  column.set_codes(2, {1});
  const Marginal marginal = learn_marginal(spec, column);
  EXPECT_EQ(marginal.shares, (std::vector<double>{0.25, 0.5, 0}));
  EXPECT_TRUE(marginal.mass.empty());
  EXPECT_EQ(marginal.missing, 0);
  EXPECT_FALSE(marginal.from_data);
  nlohmann::json json = to_json(marginal);
  EXPECT_EQ(marginal_from_json(json).shares, marginal.shares);
  json["shares"] = {0.25, 1.5, 0};
  EXPECT_EQ(kind_of([&] { marginal_from_json(json); }), ErrorKind::input);
  json.erase("shares");
  EXPECT_EQ(kind_of([&] { marginal_from_json(json); }), ErrorKind::input);
  column.resize(0);
  EXPECT_EQ(learn_marginal(spec, column).shares, (std::vector<double>{0, 0, 0}));
}

TEST(Marginal, PositionIsExactlyInverse) {
  Rng rng(1);
  std::vector<double> steps, weights;
  for (int i = 0; i < 20000; ++i) {
    steps.push_back(rng.bernoulli(0.3) ? 0 : std::min(std::round(std::exp(rng.normal() + 4)), 1440.0));
    weights.push_back(std::round(rng.uniform(30, 120) * 10) / 10);
  }
  const Marginal m = learn_marginal(spec_of(ColumnType::integer, 0, 1440), column_of(ColumnType::integer, steps));
  for (const double x : steps) ASSERT_EQ(m.quantile(m.position(x, rng)), x);
  const Marginal w = learn_marginal(spec_of(ColumnType::real, 20, 200, 1), column_of(ColumnType::real, weights));
  for (const double x : weights) ASSERT_EQ(w.quantile(w.position(x, rng)), x);
}

TEST(Marginal, ContinuousValuesComeBackAndAtomsExactly) {
  Rng rng(2);
  std::vector<double> values;
  for (int i = 0; i < 20000; ++i) values.push_back(rng.bernoulli(0.4) ? 0 : rng.bernoulli(0.1) ? 1 : rng.uniform());
  const Marginal m = learn_marginal(spec_of(ColumnType::real, 0, 1), column_of(ColumnType::real, values));
  for (const double x : values) {
    const double back = m.quantile(m.position(x, rng));
    if (x == 0 || x == 1) {
      ASSERT_EQ(back, x);
    } else {
      ASSERT_NEAR(back, x, 1e-9);
    }
  }
}

TEST(Marginal, JitterIsUniform) {
  Rng rng(3);
  std::vector<double> values, positions, inside;
  for (int i = 0; i < 20000; ++i) values.push_back(static_cast<double>(rng.below(6)));
  const Marginal m = learn_marginal(spec_of(ColumnType::integer, 0, 5), column_of(ColumnType::integer, values));
  const auto [low, high] = m.positions(3);
  for (const double x : values) positions.push_back(m.position(x, rng));
  for (int i = 0; i < 20000; ++i) inside.push_back((m.position(3, rng) - low) / (high - low));
  EXPECT_LT(ks_uniform(positions), ks_bound(positions.size()));  // false alarm 3e-8
  EXPECT_LT(ks_uniform(inside), ks_bound(inside.size()));        // false alarm 3e-8
}

TEST(Marginal, DrawsFollowTheData) {
  Rng rng(4);
  std::vector<double> values;
  for (int i = 0; i < 20000; ++i) values.push_back(rng.normal());
  const Marginal m = learn_marginal(spec_of(ColumnType::real, -10, 10), column_of(ColumnType::real, values));
  std::vector<double> shares;
  for (int i = 0; i < 20000; ++i) shares.push_back(normal_cdf(m.quantile(rng.uniform())));
  // Two-sample distance against a fit: a share of 1/256 may be misplaced inside a part; false alarm below 1e-7.
  EXPECT_LT(ks_uniform(shares), std::sqrt(2.0) * ks_bound(shares.size()) + 1.0 / 256);
}

TEST(Marginal, BoundsFromDataAreMovedOutwards) {
  std::vector<double> values;
  for (int i = 0; i <= 1000; ++i) values.push_back(0.1234567 + i * 97.7654321);
  const Marginal m = learn_marginal(spec_of(ColumnType::real), column_of(ColumnType::real, values));
  EXPECT_TRUE(m.from_data);
  EXPECT_LT(m.edges.front(), values.front());
  EXPECT_GT(m.edges.back(), values.back());
  EXPECT_GT(m.edges.front(), values.front() - 200);
  for (const double edge : m.edges) EXPECT_EQ(edge * 1024, std::round(edge * 1024));
  for (const double x : values) EXPECT_EQ(std::count(m.edges.begin(), m.edges.end(), x), 0);
}

TEST(Marginal, NoPartSinglesOutARecord) {
  std::vector<double> values(1000, 10.0);
  values.push_back(48213.25);
  const Marginal m = learn_marginal(spec_of(ColumnType::real, 0, 131072), column_of(ColumnType::real, values));
  EXPECT_GT(m.edges[m.part(48213.25) + 1] - m.edges[m.part(48213.25)], 1000);
  EXPECT_EQ(m.quantile(0.5), 10);
}

TEST(Marginal, ConstantEmptyAndOddColumns) {
  const auto real = spec_of(ColumnType::real);
  Rng rng(5);
  const Marginal constant = learn_marginal(real, column_of(ColumnType::real, std::vector<double>(20, 3.7)));
  EXPECT_EQ(constant.quantile(rng.uniform()), 3.7);
  const Marginal empty = learn_marginal(real, column_of(ColumnType::real, {std::nan(""), std::nan("")}));
  EXPECT_EQ(empty.missing, 1);
  EXPECT_EQ(empty.quantile(0.5), 0);
  const Marginal none = learn_marginal(spec_of(ColumnType::integer, 5, 9), Column(ColumnType::integer));
  EXPECT_EQ(none.missing, 0);
  EXPECT_GE(none.quantile(0.999), 5);
  EXPECT_LE(none.quantile(1), 9);
  const double infinity = std::numeric_limits<double>::infinity();
  const Marginal odd = learn_marginal(real, column_of(ColumnType::real, {1, 2, infinity, -infinity, 1e308, -1e308}));
  EXPECT_DOUBLE_EQ(odd.missing, 2.0 / 6);
  EXPECT_TRUE(std::isfinite(odd.quantile(0.5)));
  const Marginal text = learn_marginal(spec_of(ColumnType::text), Column(ColumnType::text));
  EXPECT_TRUE(text.mass.empty());
  const Marginal narrow = learn_marginal(real, column_of(ColumnType::real, {1e15, 1e15 + 0.125, 1e15 + 0.25}));
  EXPECT_NEAR(narrow.quantile(0.5), 1e15, 1e13);
}

TEST(Marginal, QuantilesStayInsideBoundsAndOnTheGrid) {
  Rng rng(6);
  std::vector<double> values;
  for (int i = 0; i < 5; ++i) values.push_back(rng.uniform(0, 1));
  const Marginal m = learn_marginal(spec_of(ColumnType::real, -0.3, 1.7, 1), column_of(ColumnType::real, values));
  for (int i = 0; i < 5000; ++i) {
    const double x = m.quantile(rng.uniform());
    ASSERT_GE(x, -0.3);
    ASSERT_LE(x, 1.7);
    ASSERT_EQ(x, std::round(x * 10) / 10);
  }
  EXPECT_EQ(m.quantile(1), 1.7);
  const Marginal c = learn_marginal(spec_of(ColumnType::real, 0, 1), column_of(ColumnType::real, {0.5}));
  EXPECT_EQ(c.quantile(1), 1);
}

TEST(Marginal, JsonRoundTripIsExact) {
  Rng rng(7);
  std::vector<double> values;
  for (int i = 0; i < 3000; ++i) values.push_back(rng.normal());
  const Marginal m = learn_marginal(spec_of(ColumnType::real), column_of(ColumnType::real, values));
  const Marginal back = marginal_from_json(nlohmann::json::parse(to_json(m).dump()));
  EXPECT_EQ(back.edges, m.edges);
  EXPECT_EQ(back.mass, m.mass);
  for (int i = 0; i < 1000; ++i) {
    const double u = rng.uniform();
    ASSERT_EQ(back.quantile(u), m.quantile(u));
  }
}

TEST(Marginal, RefusesWhatIsNoMarginal) {
  const Marginal m = learn_marginal(spec_of(ColumnType::integer, 0, 3), column_of(ColumnType::integer, {0, 1, 2}));
  const auto good = to_json(m);
  auto refused = [&](const std::string& key, const nlohmann::json& value) {
    auto bad = good;
    bad[key] = value;
    try {
      marginal_from_json(bad);
    } catch (const Error& error) {
      return error.kind() == ErrorKind::input;
    }
    return false;
  };
  EXPECT_TRUE(refused("edges", {4, 0}));
  EXPECT_TRUE(refused("edges", nlohmann::json::array()));
  EXPECT_TRUE(refused("mass", {0.2}));
  EXPECT_TRUE(refused("mass", "many"));
  EXPECT_TRUE(refused("type", "colour"));
  EXPECT_TRUE(refused("missing", 1.5));
  EXPECT_TRUE(refused("cell", 0));
}

TEST(Normal, QuantileInvertsTheDistribution) {
  EXPECT_NEAR(normal_quantile(0.975), 1.959963984540054, 1e-14);
  EXPECT_NEAR(normal_quantile(0.5), 0, 1e-16);
  for (const double z : {-8.0, -3.0, -0.1, 0.7, 5.0}) EXPECT_NEAR(normal_quantile(normal_cdf(z)), z, 1e-9);
  EXPECT_TRUE(std::isinf(normal_quantile(0)));
  EXPECT_TRUE(std::isinf(normal_quantile(1)));
}

}  // namespace
}  // namespace understudy
