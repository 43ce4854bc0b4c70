#include "generators/understudy/chain.h"
#include "generators/understudy/chain_sampler.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "testing/kind_of.h"
#include "understudy/error.h"

namespace understudy {
namespace {

// A chain, its parameters, and rows that fit it.
struct World {
  explicit World(ChainShape shape, std::int64_t count = 5) : chain(std::move(shape)) {
    std::vector<std::vector<double>> shares;
    for (const std::int32_t size : chain.shape().sizes) shares.emplace_back(size, 1.0 / size);
    flat = chain.initial(shares, rng);
    for (std::int64_t row = 0; row < count; ++row) {
      for (const std::int32_t size : chain.shape().sizes) {
        categories.push_back(static_cast<std::int32_t>(rng.below(static_cast<std::uint64_t>(size))));
      }
      for (std::int64_t i = 0; i < chain.shape().context; ++i) context.push_back(static_cast<float>(rng.normal()));
      if (chain.shape().own == 0) continue;
      for (std::int64_t i = 0; i < chain.columns() * chain.shape().own; ++i) own.push_back(static_cast<float>(rng.normal()));
      for (const std::int32_t size : chain.shape().sizes) {
        for (auto* anchors : {&last, &mean}) anchors->push_back(static_cast<std::int32_t>(rng.below(static_cast<std::uint64_t>(size) + 1)) - 1);
      }
    }
  }
  // One step, after which no gate is 0 any more.
  void take_a_step() {
    std::vector<float> gradient(flat.size());
    chain.gradient(flat, rows(), gradient, room);
    for (std::size_t i = 0; i < flat.size(); ++i) flat[i] -= 0.1F * gradient[i];
  }
  Chain::Rows rows() const { return {categories, {context, own, last, mean}}; }
  Chain::Rows rows(std::size_t first, std::size_t count) const {
    const auto part = [&](const auto& values, std::int64_t each) {
      return std::span(values).subspan(first * static_cast<std::size_t>(each), count * static_cast<std::size_t>(each));
    };
    const std::int64_t columns = chain.columns(), width = chain.shape().own;
    return {part(categories, columns), {part(context, chain.shape().context), part(own, columns * width), part(last, width > 0 ? columns : 0),
             part(mean, width > 0 ? columns : 0)}};
  }

  Rng rng{7};
  Chain chain;
  std::vector<float> flat;
  std::vector<std::int32_t> categories;
  std::vector<float> context, own;
  std::vector<std::int32_t> last, mean;
  Chain::Workspace room;
};

double total(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum;
}

// 97 hidden units and more: several groups.
ChainShape wide() { return {.sizes = {2, 3, 60, 7, 40, 1, 90}, .context = 3, .own = 2, .width = 9}; }

// Every row that there is, once: the probabilities sum to 1.
TEST(Chain, ProbabilitiesSumToOne) {
  World world({.sizes = {2, 3, 4}, .width = 4}, 0);
  for (std::int32_t a = 0; a < 2; ++a) {
    for (std::int32_t b = 0; b < 3; ++b) {
      for (std::int32_t c = 0; c < 4; ++c) world.categories.insert(world.categories.end(), {a, b, c});
    }
  }
  double sum = 0;
  for (const double nats : world.chain.nats(world.flat, world.rows(), world.room)) sum += std::exp(-nats);
  EXPECT_NEAR(sum, 1, 1e-6);
}

// With nothing but the biases a column has its shares.
TEST(Chain, BeginsWithTheSharesOfIndependentColumns) {
  const Chain chain({.sizes = {2, 3}});
  Rng rng(1);
  std::vector<float> flat = chain.initial(std::vector<std::vector<double>>{{0.25, 0.75}, {0.5, 0.5, 0}}, rng);
  std::vector<float> biases(flat.end() - 5, flat.end());
  std::fill(flat.begin(), flat.end() - 5, 0.0F);
  Chain::Workspace room;
  const auto nats = chain.nats(flat, {std::vector<std::int32_t>{1, 0, 0, 2}}, room);
  EXPECT_NEAR(nats[0], -std::log(0.75 * 0.5), 1e-3);
  EXPECT_GT(nats[1], 18);  // as good as ruled out
  EXPECT_TRUE(std::isfinite(nats[1]));
}

TEST(Chain, GradientIsTheSlopeOfTheNats) {
  for (const ChainShape& shape : {ChainShape{.sizes = {3, 2, 5}, .context = 2, .width = 4}, ChainShape{.sizes = {3, 2, 5}, .own = 2, .width = 4},
                                  ChainShape{.sizes = {4}, .width = 3}}) {
    World world(shape);
    world.take_a_step();
    std::vector<float> gradient(world.flat.size()), context_gradient(world.context.size());
    const double nats = world.chain.gradient(world.flat, world.rows(), gradient, world.room, context_gradient);
    EXPECT_NEAR(nats, total(world.chain.nats(world.flat, world.rows(), world.room)), 1e-4);
    const auto slope = [&](std::vector<float>& where, std::size_t i) {
      constexpr float kStep = 1e-3F;
      const float before = where[i];
      where[i] = before + kStep;
      const double above = total(world.chain.nats(world.flat, world.rows(), world.room));
      where[i] = before - kStep;
      const double below = total(world.chain.nats(world.flat, world.rows(), world.room));
      where[i] = before;
      return (above - below) / (2 * kStep);
    };
    int kinks = 0;  // a hidden unit that turns on within the step
    for (std::size_t i = 0; i < gradient.size(); ++i) {
      if (world.flat[i] == 0 && gradient[i] == 0) continue;  // what a column may not look at stays zero
      kinks += std::abs(gradient[i] - slope(world.flat, i)) > 3e-3;
    }
    for (std::size_t i = 0; i < context_gradient.size(); ++i) kinks += std::abs(context_gradient[i] - slope(world.context, i)) > 3e-3;
    EXPECT_LE(kinks, 2);
  }
}

// Groups, strides and buffers: the sum of rows taken one at a time, with a fresh workspace each.
TEST(Chain, RowsTogetherAreTheirSum) {
  World world(wide(), 33);
  std::vector<float> together(world.flat.size(), 1.0F), apart(world.flat.size(), 1.0F);
  const double nats = world.chain.gradient(world.flat, world.rows(), together, world.room);
  double sum = 0;
  for (std::size_t row = 0; row < 33; ++row) {
    Chain::Workspace room;
    sum += world.chain.gradient(world.flat, world.rows(row, 1), apart, room);
  }
  EXPECT_NEAR(nats, sum, 1e-3);
  for (std::size_t i = 0; i < together.size(); ++i) ASSERT_NEAR(together[i], apart[i], 2e-4) << i;
}

// Subjects of one row, several and none, beside the gradient of each alone.
struct BySubject {
  BySubject() {
    world.take_a_step();
    std::size_t first = 0;
    for (const std::int64_t count : counts) {
      alone.emplace_back(world.flat.size());
      world.chain.gradient(world.flat, world.rows(first, static_cast<std::size_t>(count)), alone.back(), world.room);
      first += static_cast<std::size_t>(count);
    }
  }
  double squared_norm(std::size_t subject) const {
    double sum = 0;
    for (const float slope : alone[subject]) sum += static_cast<double>(slope) * static_cast<double>(slope);
    return sum;
  }
  std::vector<float> weighted(const std::vector<float>& factors) {
    std::vector<float> gradient(world.flat.size());
    world.chain.weigh(counts, factors, world.room);
    world.chain.add_gradient(world.rows(), gradient, world.room);
    return gradient;
  }

  World world{wide(), 9};
  std::vector<std::int64_t> counts = {1, 4, 0, 1, 3};
  std::vector<std::vector<float>> alone;
};

TEST(Chain, SquaredNormsAreThoseOfEachSubjectsGradient) {
  BySubject by;
  std::vector<double> squares(by.counts.size(), 0.5);  // what is there already counts too
  by.world.chain.differentiate(by.world.flat, by.world.rows(), by.world.room);
  by.world.chain.add_squared_norms(by.world.rows(), by.counts, squares, by.world.room);
  for (std::size_t i = 0; i < squares.size(); ++i) {
    EXPECT_NEAR(squares[i] - 0.5, by.squared_norm(i), 1e-5 * (1 + by.squared_norm(i))) << i;
  }
}

TEST(Chain, WeighedIsTheSumWithFactors) {
  BySubject by;
  const std::vector<float> factors = {0.5F, 1, 3, 0, -2};
  by.world.chain.differentiate(by.world.flat, by.world.rows(), by.world.room);
  const std::vector<float> gradient = by.weighted(factors);
  for (std::size_t i = 0; i < gradient.size(); ++i) {
    float sum = 0;
    for (std::size_t s = 0; s < factors.size(); ++s) sum += factors[s] * by.alone[s][i];
    ASSERT_NEAR(gradient[i], sum, 1e-4 * (1 + std::abs(sum))) << i;
  }
}

TEST(Chain, AFactorOfZeroLeavesOutWhatIsNotFinite) {
  BySubject by;
  by.world.context[0] = std::numeric_limits<float>::infinity();  // of the first subject
  by.world.chain.differentiate(by.world.flat, by.world.rows(), by.world.room);
  std::vector<double> squares(by.counts.size());
  by.world.chain.add_squared_norms(by.world.rows(), by.counts, squares, by.world.room);
  EXPECT_FALSE(std::isfinite(squares[0]));
  EXPECT_TRUE(std::isfinite(squares[1]));
  const std::vector<float> gradient = by.weighted({0, 1, 1, 1, 1});
  for (std::size_t i = 0; i < gradient.size(); ++i) {
    const float sum = by.alone[1][i] + by.alone[3][i] + by.alone[4][i];
    ASSERT_NEAR(gradient[i], sum, 1e-4 * (1 + std::abs(sum))) << i;
  }
}

// What comes later changes nothing: the nats of a chain that ends before are the same.
TEST(Chain, AColumnSeesOnlyThoseBefore) {
  World world(wide(), 4);
  const std::size_t columns = world.chain.shape().sizes.size();
  std::vector<float> gradient(world.flat.size());
  world.chain.gradient(world.flat, world.rows(), gradient, world.room);
  // A step along the gradient keeps the zeros of the first layer: change the last column and look at the others.
  for (std::size_t i = 0; i < gradient.size(); ++i) world.flat[i] -= 0.01F * gradient[i];
  const auto all_but_last = [&](std::int32_t last) {
    std::vector<std::int32_t> changed = world.categories;
    for (std::size_t row = 0; row < 4; ++row) changed[row * columns + columns - 1] = last;
    ChainSampler sampler(world.chain, world.flat);
    for (std::size_t row = 0; row < 4; ++row) changed[row * columns + 2] = -1;  // draws column 2 with the rest as it is
    Rng rng(3);
    sampler.draw(4, world.rows().given, changed, rng);
    std::vector<std::int32_t> drawn;
    for (std::size_t row = 0; row < 4; ++row) drawn.push_back(changed[row * columns + 2]);
    return drawn;
  };
  EXPECT_EQ(all_but_last(0), all_but_last(89));
}

// 40,000 rows against the exact probabilities: chi-squared of 23 degrees above 80 has probability below 3e-8.
TEST(ChainSampler, DrawsWithTheProbabilitiesOfTheChain) {
  World world({.sizes = {2, 3, 4}, .width = 4}, 0);
  constexpr std::int64_t kRows = 40000;
  std::vector<std::int32_t> drawn(3 * kRows, -1);
  ChainSampler(world.chain, world.flat).draw(kRows, {}, drawn, world.rng);
  std::vector<double> counts(24);
  for (std::size_t row = 0; row < kRows; ++row) {
    ++counts[static_cast<std::size_t>((drawn[3 * row] * 3 + drawn[3 * row + 1]) * 4 + drawn[3 * row + 2])];
  }
  double chi = 0;
  for (std::int32_t cell = 0; cell < 24; ++cell) {
    const std::vector<std::int32_t> row = {cell / 12, cell / 4 % 3, cell % 4};
    const double wanted = kRows * std::exp(-world.chain.nats(world.flat, {row}, world.room)[0]);
    chi += (counts[static_cast<std::size_t>(cell)] - wanted) * (counts[static_cast<std::size_t>(cell)] - wanted) / wanted;
  }
  EXPECT_LT(chi, 80);
}

// Given categories stay, and lead the later ones: the law of column 2 given the first two. Chi-squared of 3 degrees above
// 40 has probability below 2e-8.
TEST(ChainSampler, KeepsWhatIsGivenAndSeesWhatIsKnownBefore) {
  World world({.sizes = {2, 3, 4}, .context = 2, .own = 1, .width = 4}, 1);
  world.take_a_step();
  constexpr std::int64_t kRows = 20000;
  std::vector<std::int32_t> drawn, last;
  std::vector<float> context, own;
  for (std::int64_t row = 0; row < kRows; ++row) {
    drawn.insert(drawn.end(), {1, 2, -1});
    context.insert(context.end(), {0.5F, -2.0F});
    own.insert(own.end(), {1.0F, 0.0F, -1.5F});
    last.insert(last.end(), {0, -1, 3});
  }
  ChainSampler(world.chain, world.flat).draw(kRows, {context, own, last, last}, drawn, world.rng);
  std::vector<double> counts(4), chances(4);
  for (std::size_t row = 0; row < kRows; ++row) {
    ASSERT_EQ(drawn[3 * row], 1);
    ASSERT_EQ(drawn[3 * row + 1], 2);
    ++counts[static_cast<std::size_t>(drawn[3 * row + 2])];
  }
  double all = 0;
  for (std::int32_t c = 0; c < 4; ++c) {
    const std::vector<std::int32_t> row = {1, 2, c};
    chances[static_cast<std::size_t>(c)] = std::exp(-world.chain.nats(world.flat, {row, {std::span(context).first(2), std::span(own).first(3), std::span(last).first(3), std::span(last).first(3)}}, world.room)[0]);
    all += chances[static_cast<std::size_t>(c)];
  }
  double chi = 0;
  for (std::size_t c = 0; c < 4; ++c) {
    const double wanted = kRows * chances[c] / all;
    chi += (counts[c] - wanted) * (counts[c] - wanted) / wanted;
  }
  EXPECT_LT(chi, 40);
}

// Of a chain of any weights: 20,000 other rows then have the shares, and the odds between columns stay as they are.
TEST(Calibrated, DrawsTheShares) {
  World world({.sizes = {2, 5, 3}, .width = 4}, 0);
  for (float& weight : world.flat) weight *= 1.5F;
  const std::vector<std::vector<double>> shares = {{0.7, 0.3}, {0.1, 0.4, 0, 0.3, 0.2}, {0.25, 0.25, 0.5}};
  Rng rng(4);
  const auto flat = calibrated(world.chain, world.flat, shares, 20000, rng);
  std::vector<std::int32_t> rows(60000, -1);
  ChainSampler(world.chain, flat).draw(20000, {}, rows, rng);
  for (std::size_t k = 0; k < 3; ++k) {
    std::vector<double> found(shares[k].size());
    for (std::size_t row = 0; row < 20000; ++row) found[static_cast<std::size_t>(rows[3 * row + k])] += 1 / 20000.0;
    for (std::size_t c = 0; c < found.size(); ++c) EXPECT_NEAR(found[c], shares[k][c], 0.025) << k << " " << c;  // 5 standard errors
  }
}

TEST(Chain, RefusesWhatDoesNotFit) {
  EXPECT_EQ(kind_of([] { Chain({}); }), ErrorKind::internal);
  EXPECT_EQ(kind_of([] { Chain({.sizes = {2, 0}}); }), ErrorKind::internal);
  World world({.sizes = {2, 3}, .context = 1});
  EXPECT_EQ(kind_of([&] { world.chain.nats(world.flat, {world.categories, {}}, world.room); }), ErrorKind::internal);
}

}  // namespace
}  // namespace understudy
