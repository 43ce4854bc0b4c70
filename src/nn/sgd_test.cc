#include "nn/sgd.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <vector>

#include "nn/noise.h"
#include "testing/kind_of.h"

namespace understudy::nn {
namespace {

// Gradients 1, 2, -1 at rate 0.1 from 0; velocities with momentum 0.5: 1, 2.5, 0.25.
std::vector<float> path(SgdOptions options) {
  at::Tensor p = at::zeros({1});
  Sgd sgd(1, options);
  std::vector<float> result;
  for (const float gradient : {1.0F, 2.0F, -1.0F}) {
    sgd.step(p, at::tensor({gradient}), 0.1);
    result.push_back(p.item<float>());
  }
  return result;
}

void expect_path(const std::vector<float>& seen, const std::vector<double>& expected) {
  for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_NEAR(seen.at(i), expected[i], 1e-7) << i;
}

TEST(Sgd, ThreeStepsByHand) {
  expect_path(path({}), {-0.1, -0.3, -0.2});
  expect_path(path({.momentum = 0.5}), {-0.1, -0.35, -0.375});
  // Moves g + 0.5 b: 1.5, 3.25, -0.875.
  expect_path(path({.momentum = 0.5, .nesterov = true}), {-0.15, -0.475, -0.3875});
}

// Strided rows go through tensor operations, as rows on a GPU do; dense ones through one pass.
TEST(Sgd, BothWaysAreTheSame) {
  for (const bool nesterov : {false, true}) {
    Rng rng(8);
    const at::Tensor start = normals(rng, 37, 2);
    at::Tensor dense = start.select(1, 0).clone(), strided = start.clone().select(1, 0);
    const SgdOptions options = {.momentum = 0.9, .nesterov = nesterov};
    Sgd one(37, options), other(37, options);
    for (int step = 0; step < 50; ++step) {
      const at::Tensor gradient = normals(rng, 37, 1).flatten();
      one.step(dense, gradient, 0.01);
      other.step(strided, gradient, 0.01);
    }
    EXPECT_TRUE(at::allclose(dense, strided, 1e-5, 1e-6));
  }
}

TEST(Sgd, ContinuesFromItsSavedState) {
  at::Tensor a = at::ones({3});
  Sgd first(3, {.momentum = 0.9}), second(3, {.momentum = 0.9}), other(4, {});
  first.step(a, at::tensor({1.0F, -2.0F, 0.5F}), 0.1);
  at::Tensor b = a.clone();
  TensorFile file;
  first.save(file, "sgd");
  second.restore(file, "sgd");
  const at::Tensor gradient = at::tensor({0.3F, 0.2F, -4.0F});
  first.step(a, gradient, 0.1);
  second.step(b, gradient, 0.1);
  EXPECT_TRUE(a.equal(b));
  EXPECT_EQ(kind_of([&] { other.restore(file, "sgd"); }), ErrorKind::input);
  EXPECT_EQ(kind_of([&] { other.step(a, gradient, 0.1); }), ErrorKind::internal);
}

}  // namespace
}  // namespace understudy::nn
