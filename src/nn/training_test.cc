// Adam, shards, noise and the store.
#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>

#include "nn/adam.h"
#include "nn/noise.h"
#include "nn/shards.h"
#include "nn/store.h"
#include "understudy/error.h"

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
  EXPECT_THROW(other.restore(file, "adam"), Error);
}

TEST(ShardPool, SameBytesWithAnyNumberOfThreads) {
  const auto gradient = [](std::int64_t shard) {
    Rng rng = Rng(5).stream("shard", static_cast<std::uint64_t>(shard));
    const at::Tensor x = normals(rng, 128, 64);
    return std::vector<at::Tensor>{at::matmul(x.t(), x), x.sum(0)};
  };
  ShardPool one(1), two(2), four(4);
  for (int batch = 0; batch < 20; ++batch) {
    const auto a = one.mean(7, gradient);
    const auto b = two.mean(7, gradient);
    const auto c = four.mean(7, gradient);
    EXPECT_TRUE(a[0].equal(b[0]) && a[1].equal(b[1]));
    EXPECT_TRUE(a[0].equal(c[0]) && a[1].equal(c[1]));
  }
}

TEST(ShardPool, MeanByHandAndErrorsComeThrough) {
  ShardPool pool(3);
  const auto mean = pool.mean(4, [](std::int64_t shard) {
    return std::vector<at::Tensor>{at::full({2}, static_cast<double>(shard))};
  });
  EXPECT_TRUE(mean[0].equal(at::full({2}, 1.5)));
  const auto broken = [](std::int64_t shard) -> std::vector<at::Tensor> {
    if (shard == 2) throw std::runtime_error("no");
    return {at::zeros({1})};
  };
  EXPECT_THROW(pool.mean(4, broken), std::runtime_error);
  EXPECT_EQ(pool.mean(1, [](std::int64_t) { return std::vector<at::Tensor>{at::ones({1})}; })[0].item<float>(), 1);
}

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

TEST(Store, NetworksComeBackByTheirShapes) {
  Rng rng(7);
  const Mlp mlp({3, 5, 4, 2}, rng);
  TensorFile file;
  put(file, "net", mlp);
  const Mlp back = take_mlp(file, "net");
  EXPECT_EQ(back.widths(), mlp.widths());
  EXPECT_TRUE(back.flat().equal(mlp.flat()));
  file.put("net.1.bias", {5}, std::vector<float>(5));
  EXPECT_THROW(take_mlp(file, "net"), Error);
  EXPECT_THROW(take_mlp(file, "other"), Error);
}

TEST(Store, KeepsDoublesAndRefusesOtherShapes) {
  TensorFile file;
  const at::Tensor values = at::tensor({1.0, 2.0, 1e-300}, at::kDouble);
  put(file, "x", values);
  EXPECT_TRUE(take(file, "x").equal(values));
  EXPECT_THROW(take_into(file, "x", at::zeros({3})), Error);
  EXPECT_THROW(take_into(file, "x", at::zeros({2}, at::kDouble)), Error);
  file.put("words", {1}, std::vector<std::int64_t>{1});
  EXPECT_THROW(take(file, "words"), Error);
}

}  // namespace
}  // namespace understudy::nn
