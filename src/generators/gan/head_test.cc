#include "generators/gan/head.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>

#include "nn/mlp.h"

namespace understudy {
namespace {

// scalar at 0 with flag at 1, one-hot of three at 2.
const std::vector<Block>& blocks() {
  static const std::vector<Block> value = {{Block::Kind::scalar, 0, 0, 1},
                                           {Block::Kind::flag, 0, 1, 1},
                                           {Block::Kind::one_hot, 1, 2, 3}};
  return value;
}

at::Tensor row(std::vector<float> values) {
  return at::tensor(values).view({1, static_cast<std::int64_t>(values.size())});
}

TEST(GanHead, HardTakesTheLargestAndGates) {
  const GanHead head(blocks());
  const at::Tensor none = at::zeros({1, 5});
  EXPECT_TRUE(head.hard(row({0.7F, -1, 0.1F, 0.3F, 0.2F}), none).equal(row({0.7F, 0, 0, 1, 0})));
  EXPECT_TRUE(head.hard(row({0.7F, 1, 0.1F, 0.3F, 0.4F}), none).equal(row({0, 1, 0, 0, 1})));
}

TEST(GanHead, ExpectedByHand) {
  const GanHead head(blocks());
  const double p = 1 / (1 + std::exp(-0.5));
  const double sum = std::exp(1.0) + std::exp(2.0) + std::exp(0.0);
  const at::Tensor y = head.expected(row({2, 0.5F, 1, 2, 0}));
  EXPECT_NEAR(y[0][0].item<float>(), 2 * (1 - p), 1e-5);
  EXPECT_NEAR(y[0][1].item<float>(), p, 1e-6);
  EXPECT_NEAR(y[0][3].item<float>(), std::exp(2.0) / sum, 1e-6);
}

TEST(GanHead, LogProbabilityByHand) {
  const GanHead head(blocks());
  const double sum = std::exp(1.0) + std::exp(2.0) + std::exp(0.0);
  const double up = -std::log1p(std::exp(-0.5)) + 2 - std::log(sum);
  EXPECT_NEAR(head.log_probability(row({9, 0.5F, 1, 2, 0}), row({0, 1, 0, 1, 0})).item<float>(), up, 1e-5);
  const double down = -std::log1p(std::exp(0.5)) + 0 - std::log(sum);
  EXPECT_NEAR(head.log_probability(row({9, 0.5F, 1, 2, 0}), row({3, 0, 0, 0, 1})).item<float>(), down, 1e-5);
}

// 40,000 draws of probabilities 0.731 and 0.665: bounds of 0.015 are above 6 standard errors, a false alarm below 1e-8.
TEST(GanHead, NoiseDrawsWithTheProbabilitiesOfTheLogits) {
  const GanHead head(blocks());
  Rng rng(1);
  const std::int64_t n = 40000;
  const at::Tensor raw = row({0, 1, 1, 2, 0}).expand({n, -1});
  const at::Tensor mean = head.hard(raw, head.noise(rng, n)).mean(0);
  const at::Tensor wanted = head.expected(raw).mean(0);
  EXPECT_LT((mean - wanted).narrow(0, 1, 4).abs().max().item<float>(), 0.015);
}

TEST(GanHead, RelaxedIsHardForwardsAndHasAGradient) {
  const GanHead head(blocks());
  Rng rng(2);
  const at::Tensor noise = head.noise(rng, 8);
  const at::Tensor raw = (at::arange(40, at::kFloat).view({8, 5}) / 20 - 1).requires_grad_(true);
  const at::Tensor relaxed = head.relaxed(raw, noise);
  EXPECT_TRUE(at::allclose(relaxed.detach(), head.hard(raw.detach(), noise), 1e-6, 1e-6));
  const at::Tensor weights = at::tensor({1.0F, 1.0F, 1.0F, 2.0F, 3.0F});
  const auto gradient = torch::autograd::grad({(relaxed * weights).sum()}, {raw})[0];
  EXPECT_GT(gradient.narrow(1, 1, 4).abs().min().item<float>(), 0);
}

// Codes are flags of their own: they gate nothing, not each other, and need not sum to 1.
TEST(GanHead, CodesAreDrawnOneByOne) {
  const std::vector<Block> coded = {{Block::Kind::one_hot, 0, 0, 2}, {Block::Kind::multi_hot, 1, 2, 3}};
  const GanHead head(coded);
  const at::Tensor raw = row({0, 1, 2, -1, 0.5F});
  EXPECT_TRUE(head.hard(raw, at::zeros({1, 5})).equal(row({0, 1, 1, 0, 1})));
  const at::Tensor y = head.expected(raw);
  for (const std::int64_t k : {2, 3, 4}) {
    EXPECT_NEAR(y[0][k].item<float>(), 1 / (1 + std::exp(-raw[0][k].item<float>())), 1e-6);
  }
  const double up = -std::log1p(std::exp(-2.0)) - std::log1p(std::exp(-1.0)) - std::log1p(std::exp(0.5));
  const double choice = -std::log1p(std::exp(-1.0));
  EXPECT_NEAR(head.log_probability(raw, row({0, 1, 1, 0, 0})).item<float>(), up + choice, 1e-5);
}

// As above: 40,000 draws, a false alarm below 1e-8.
TEST(GanHead, NoiseDrawsCodesWithTheirProbabilities) {
  const std::vector<Block> coded = {{Block::Kind::multi_hot, 0, 0, 3}};
  const GanHead head(coded);
  Rng rng(3);
  const std::int64_t n = 40000;
  const at::Tensor raw = row({2, -1, 0}).expand({n, -1});
  const at::Tensor drawn = head.hard(raw, head.noise(rng, n));
  EXPECT_LT((drawn.mean(0) - head.expected(raw).mean(0)).abs().max().item<float>(), 0.015);
}

TEST(GanHead, ScalarsAlonePassThrough) {
  const std::vector<Block> only = {{Block::Kind::scalar, 0, 0, 1}, {Block::Kind::scalar, 1, 1, 1}};
  const GanHead head(only);
  EXPECT_FALSE(head.has_choices());
  const at::Tensor raw = row({1.5F, -9});
  EXPECT_TRUE(head.relaxed(raw, at::zeros({1, 2})).equal(raw));
  EXPECT_TRUE(head.gated(raw).equal(raw));
}

}  // namespace
}  // namespace understudy
