#include "nn/adam.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>

#include "nn/noise.h"
#include "testing/kind_of.h"

namespace understudy::nn {
namespace {

TEST(Adam, TwoStepsByHand) {
  at::Tensor p = at::tensor({1.0F});
  Adam adam(1, {.beta1 = 0.5, .beta2 = 0.9, .epsilon = 0});
  adam.step(p, at::tensor({2.0F}), 0.1);
  EXPECT_NEAR(p.item<float>(), 0.9, 1e-6);  // m_hat = g, v_hat = g^2: one rate against the sign
  adam.step(p, at::tensor({-1.0F}), 0.1);
  // m = 0.5 * 1 - 0.5 = 0, whatever v is: no move.
  EXPECT_NEAR(p.item<float>(), 0.9, 1e-6);
  adam.step(p, at::tensor({3.0F}), 0.1);
  // m = 1.5, m_hat = 1.5 / 0.875; v = 0.9 (0.9 * 0.4 + 0.1) + 0.9 = 1.314, v_hat = 1.314 / 0.271.
  EXPECT_NEAR(p.item<float>(), 0.9 - 0.1 * (1.5 / 0.875) / std::sqrt(1.314 / 0.271), 1e-6);
}

// Beside the gradient, not in it: the share that goes does not depend on the gradient's size.
TEST(Adam, WeightDecayTakesAShareAway) {
  for (const bool is_dense : {true, false}) {
    at::Tensor both = at::tensor({1.0F, 5.0F, -3.0F, 5.0F}).view({2, 2});
    at::Tensor p = is_dense ? both.select(1, 0).clone() : both.select(1, 0);
    Adam adam(2, {.epsilon = 1e-8, .weight_decay = 0.5});
    adam.step(p, at::zeros({2}), 0.1);
    EXPECT_NEAR(p[0].item<float>(), 0.95, 1e-6);
    EXPECT_NEAR(p[1].item<float>(), -2.85, 1e-6);
    adam.step(p, at::tensor({7.0F, 0.0F}), 0.1);  // m / sqrt(v), both without bias: (0.5 / 0.75) / sqrt(0.1 / 0.19)
    EXPECT_NEAR(p[0].item<float>(), 0.95 * 0.95 - 0.1 * (0.5 / 0.75) / std::sqrt(0.1 / 0.19), 1e-5);
    EXPECT_NEAR(p[1].item<float>(), -2.85 * 0.95, 1e-5);
  }
}

TEST(Adam, ContinuesFromItsSavedState) {
  at::Tensor a = at::ones({3}), b = at::ones({3});
  Adam first(3, {}), second(3, {});
  first.step(a, at::tensor({1.0F, -2.0F, 0.5F}), 0.1);
  b.copy_(a);
  TensorFile file;
  first.save(file, "adam");
  second.restore(file, "adam");
  for (Adam* adam : {&first, &second}) adam->step(adam == &first ? a : b, at::tensor({0.3F, 0.2F, -4.0F}), 0.1);
  EXPECT_TRUE(a.equal(b));
  Adam other(4, {});
  EXPECT_EQ(kind_of([&] { other.restore(file, "adam"); }), ErrorKind::input);
  file.put("adam.steps", {1}, std::vector<std::int64_t>{-1});
  EXPECT_EQ(kind_of([&] { second.restore(file, "adam"); }), ErrorKind::input);
}

// Strided rows go through tensor operations, as rows on a GPU do; dense ones through one pass.
TEST(Adam, BothWaysAreTheSame) {
  Rng rng(8);
  const at::Tensor start = normals(rng, 37, 2);
  at::Tensor dense = start.select(1, 0).clone(), strided = start.clone().select(1, 0);
  ASSERT_FALSE(strided.is_contiguous());
  Adam one(37, {}), other(37, {});
  for (int step = 0; step < 50; ++step) {
    const at::Tensor gradient = normals(rng, 37, 1).flatten();
    one.step(dense, gradient, 0.01);
    other.step(strided, gradient, 0.01);
  }
  EXPECT_TRUE(at::allclose(dense, strided, 1e-5, 1e-6));
  EXPECT_FALSE(at::allclose(dense, start.select(1, 0), 1e-5, 1e-2));
}

TEST(Adam, RefusesRowsOfAnotherKind) {
  Adam adam(3, {});
  const at::Tensor row = at::ones({3});
  for (const at::Tensor& other : {at::ones({4}), at::ones({3}, at::kDouble), at::ones({3, 1})}) {
    EXPECT_EQ(kind_of([&] { adam.step(row, other, 0.1); }), ErrorKind::internal);
    EXPECT_EQ(kind_of([&] { adam.step(other, row, 0.1); }), ErrorKind::internal);
  }
  EXPECT_TRUE(row.equal(at::ones({3})));
}

}  // namespace
}  // namespace understudy::nn
