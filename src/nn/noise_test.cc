#include "nn/noise.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

namespace understudy::nn {
namespace {

TEST(Noise, HasTheStatedMoments) {
  // 100,000 draws; each bound is above 6 standard errors, a false alarm below 1e-8.
  Rng rng(6);
  const at::Tensor normal = normals(rng, 1000, 100);
  EXPECT_NEAR(normal.mean().item<float>(), 0, 0.02);
  EXPECT_NEAR(normal.var().item<float>(), 1, 0.03);
  const at::Tensor uniform = uniforms(rng, 100000);
  EXPECT_NEAR(uniform.mean().item<float>(), 0.5, 0.006);
  EXPECT_GE(uniform.min().item<float>(), 0);
  EXPECT_LE(uniform.max().item<float>(), 1);
}

}  // namespace
}  // namespace understudy::nn
