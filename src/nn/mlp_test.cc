#include "nn/mlp.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "understudy/error.h"

namespace understudy::nn {
namespace {

// 2 -> 2 -> 1. Hidden: [1 -1; 0.5 2] x + [0, -1]; output: [3 4] h + 0.5.
Mlp tiny() {
  return Mlp({2, 2, 1}, at::tensor({1.0F, -1.0F, 0.5F, 2.0F, 0.0F, -1.0F, 3.0F, 4.0F, 0.5F}));
}

double parameter_derivative(const Mlp& mlp, std::int64_t index, const std::function<double(const Mlp&)>& f) {
  constexpr float kStep = 1e-2F;
  const auto moved = [&](float by) {
    at::Tensor flat = mlp.flat().clone();
    flat[index] += by;
    return f(Mlp(mlp.widths(), flat));
  };
  return (moved(kStep) - moved(-kStep)) / (2 * static_cast<double>(kStep));
}

TEST(Mlp, ForwardByHand) {
  // x = (1, 3): hidden (-2, 5.5) -> leaky (-0.4, 5.5) -> 3 * -0.4 + 4 * 5.5 + 0.5 = 21.3.
  // x = (2, 1): hidden (1, 2) -> 3 + 8 + 0.5 = 11.5.
  const at::Tensor y = tiny().forward(at::tensor({1.0F, 3.0F, 2.0F, 1.0F}).view({2, 2}));
  EXPECT_NEAR(y[0][0].item<float>(), 21.3, 1e-5);
  EXPECT_NEAR(y[1][0].item<float>(), 11.5, 1e-5);
}

TEST(Mlp, FlatGradientFollowsTheOrderOfFlat) {
  const Mlp mlp = tiny();
  const at::Tensor x = at::tensor({1.0F, 3.0F, 2.0F, 1.0F}).view({2, 2});
  const auto loss = [&](const Mlp& m) { return m.forward(x).square().mean(); };
  const Mlp leaf = mlp.leaf();
  const at::Tensor gradient = flat_gradient(loss(leaf), leaf);
  ASSERT_EQ(gradient.numel(), mlp.flat().numel());
  for (std::int64_t i = 0; i < gradient.numel(); ++i) {
    const double slope = parameter_derivative(mlp, i, [&](const Mlp& m) { return loss(m).item<float>(); });
    EXPECT_NEAR(gradient[i].item<float>(), slope, 2e-2 * (1 + std::abs(slope))) << i;
  }
}

TEST(Mlp, UnreachedParametersHaveNoGradient) {
  const Mlp leaf = tiny().leaf();
  // Of the layers, the last bias alone is left out.
  const at::Tensor g = flat_gradient(leaf.layers()[0].sum() + leaf.layers()[1].sum() + leaf.layers()[2].sum(), leaf);
  EXPECT_EQ(g[8].item<float>(), 0);
}

TEST(Mlp, WeightsHaveTheStatedSpread) {
  Rng rng(2);
  const Mlp mlp({200, 300, 1}, rng);
  // 60,000 normals of variance 0.01: the estimate is within 5 % but for 1e-16 (8.7 standard errors of 0.58 %).
  EXPECT_NEAR(mlp.layers()[0].var().item<float>(), 0.01, 5e-4);
  EXPECT_EQ(mlp.layers()[1].abs().max().item<float>(), 0);
}

TEST(Mlp, RefusesParametersThatDoNotFit) {
  try {
    Mlp({2, 2, 1}, at::zeros({8}));
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::input);
  }
}

}  // namespace
}  // namespace understudy::nn
