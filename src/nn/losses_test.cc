#include "nn/losses.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>

#include "understudy/error.h"

namespace understudy::nn {
namespace {

const at::Tensor& real() {
  static const at::Tensor values = at::tensor({2.0F, 0.0F, 1.0F}).view({3, 1});
  return values;
}
const at::Tensor& fake() {
  static const at::Tensor values = at::tensor({-1.0F, 1.0F, 3.0F}).view({3, 1});
  return values;
}

TEST(Losses, WassersteinByHand) {
  EXPECT_TRUE(critic_losses(Objective::wgan_gp, real(), fake()).equal(at::tensor({-3.0F, 1.0F, 2.0F}).view({3, 1})));
  EXPECT_NEAR(generator_loss(Objective::wgan_gp, fake()).item<float>(), -1.0, 1e-6);
}

TEST(Losses, NonSaturatingByHand) {
  const auto softplus = [](double x) { return std::log1p(std::exp(x)); };
  const double critic[] = {softplus(-2) + softplus(-1), softplus(0) + softplus(1), softplus(-1) + softplus(3)};
  const at::Tensor losses = critic_losses(Objective::non_saturating, real(), fake());
  for (std::int64_t i = 0; i < 3; ++i) EXPECT_NEAR(losses[i].item<float>(), critic[i], 1e-6);
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
  EXPECT_TRUE(critic_losses(Objective::boundary_seeking, real(), fake())
                  .equal(critic_losses(Objective::non_saturating, real(), fake())));
}

TEST(Losses, BoundaryWeightsAreNormalisedOdds) {
  // D = 0.8 and 0.5: odds 4 and 1.
  const at::Tensor scores = at::tensor({static_cast<float>(std::log(4.0)), 0.0F}).view({1, 2});
  EXPECT_TRUE(at::allclose(boundary_weights(scores), at::tensor({0.8F, 0.2F}).view({1, 2}), 1e-6));
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
