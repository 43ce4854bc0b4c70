#include "nn/losses.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>

#include "understudy/error.h"

namespace understudy::nn {
namespace {

const at::Tensor& real() {
  static const at::Tensor values = at::tensor({2.0F, 0.0F}).view({2, 1});
  return values;
}
const at::Tensor& fake() {
  static const at::Tensor values = at::tensor({-1.0F, 1.0F, 3.0F}).view({3, 1});
  return values;
}

TEST(Losses, WassersteinByHand) {
  EXPECT_NEAR(critic_loss(Objective::wgan_gp, real(), fake()).item<float>(), 1.0 - 1.0, 1e-6);
  EXPECT_NEAR(generator_loss(Objective::wgan_gp, fake()).item<float>(), -1.0, 1e-6);
}

TEST(Losses, NonSaturatingByHand) {
  const auto softplus = [](double x) { return std::log1p(std::exp(x)); };
  const double critic = (softplus(-2) + softplus(0)) / 2 + (softplus(-1) + softplus(1) + softplus(3)) / 3;
  EXPECT_NEAR(critic_loss(Objective::non_saturating, real(), fake()).item<float>(), critic, 1e-6);
  const double generator = (softplus(1) + softplus(-1) + softplus(-3)) / 3;
  EXPECT_NEAR(generator_loss(Objective::non_saturating, fake()).item<float>(), generator, 1e-6);
}

TEST(Losses, BoundarySeekingIsHalfTheSquaredLogOdds) {
  double expected = 0;
  for (const double f : {-1.0, 1.0, 3.0}) {
    const double d = 1 / (1 + std::exp(-f));
    expected += 0.5 * std::pow(std::log(d) - std::log(1 - d), 2) / 3;
  }
  EXPECT_NEAR(generator_loss(Objective::boundary_seeking, fake()).item<float>(), expected, 1e-5);
  EXPECT_TRUE(critic_loss(Objective::boundary_seeking, real(), fake())
                  .equal(critic_loss(Objective::non_saturating, real(), fake())));
}

TEST(Losses, BoundaryWeightsAreNormalisedOdds) {
  // D = 0.8 and 0.5: odds 4 and 1.
  const at::Tensor scores = at::tensor({static_cast<float>(std::log(4.0)), 0.0F}).view({1, 2});
  EXPECT_TRUE(at::allclose(boundary_weights(scores), at::tensor({0.8F, 0.2F}).view({1, 2}), 1e-6));
}

// f(x) = 3 x1 + 4 x2 + 2 x3: the slope over the first two columns is 5 everywhere.
TEST(Losses, PenaltyOfALinearCriticByHand) {
  const Mlp critic({3, 1}, at::tensor({3.0F, 4.0F, 2.0F, 7.0F}));
  const at::Tensor x = at::ones({6, 3});
  EXPECT_NEAR(gradient_penalty(Penalty::slope_one, critic, x, 2).item<float>(), 16, 1e-4);
  EXPECT_NEAR(gradient_penalty(Penalty::slope_zero, critic, x, 2).item<float>(), 25, 1e-4);
  EXPECT_NEAR(gradient_penalty(Penalty::slope_zero, critic, x, 3).item<float>(), 29, 1e-4);
  const Mlp leaf = critic.leaf();
  // d (|w| - 1)^2 / dw = 2 (|w| - 1) w / |w| = 8 * (0.6, 0.8); the third weight and the bias have no part in it.
  const at::Tensor g = flat_gradient(gradient_penalty(Penalty::slope_one, leaf, x, 2), leaf);
  EXPECT_TRUE(at::allclose(g, at::tensor({4.8F, 6.4F, 0.0F, 0.0F}), 1e-4, 1e-4));
}

TEST(Losses, PenaltyGradientOfADeepCriticIsItsFiniteDifference) {
  Rng rng(3);
  const Mlp critic({2, 8, 8, 1}, rng);
  const at::Tensor x = at::tensor({0.5F, -1.0F, 1.5F, 0.25F, -0.75F, 2.0F}).view({3, 2});
  const Mlp leaf = critic.leaf();
  const at::Tensor g = flat_gradient(gradient_penalty(Penalty::slope_one, leaf, x, 2), leaf);
  constexpr float kStep = 2e-3F;
  for (std::int64_t i = 0; i < critic.flat().numel(); i += 5) {
    const auto moved = [&](float by) {
      at::Tensor flat = critic.flat().clone();
      flat[i] += by;
      return gradient_penalty(Penalty::slope_one, Mlp(critic.widths(), flat), x, 2).item<float>();
    };
    const double slope = (moved(kStep) - moved(-kStep)) / (2 * static_cast<double>(kStep));
    EXPECT_NEAR(g[i].item<float>(), slope, 0.02 * (1 + std::abs(slope))) << i;
  }
}

TEST(Losses, ObjectivesAreNamed) {
  EXPECT_EQ(parse_objective("boundary-seeking"), Objective::boundary_seeking);
  try {
    parse_objective("wgan");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
  }
}

}  // namespace
}  // namespace understudy::nn
