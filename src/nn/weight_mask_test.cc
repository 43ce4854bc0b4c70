#include "nn/weight_mask.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>

#include "nn/noise.h"

namespace understudy::nn {
namespace {

TEST(WeightMask, StripesOfATriangleByHand) {
  const WeightMask mask(at::ones({5, 6}).tril(1), 2);
  ASSERT_EQ(mask.stripes.size(), 3U);
  const std::int64_t first[] = {0, 2, 4}, outputs[] = {2, 2, 1}, inputs[] = {3, 5, 6};
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(mask.stripes[i].first, first[i]);
    EXPECT_EQ(mask.stripes[i].outputs, outputs[i]);
    EXPECT_EQ(mask.stripes[i].inputs, inputs[i]);
  }
  EXPECT_EQ(WeightMask(at::zeros({3, 4})).stripes.front().inputs, 0);
}

// Against the whole product, its derivatives too; a mask with holes, and an output that sees nothing.
TEST(WeightMask, ProductAsTheWholeOne) {
  Rng rng(1);
  at::Tensor ones = at::ones({37, 23}).tril(-2);
  ones[30][4] = 0;
  const WeightMask mask(ones, 8);
  for (const bool has_bias : {true, false}) {
    const auto leaf = [&](std::int64_t rows, std::int64_t columns) { return normals(rng, rows, columns).requires_grad_(true); };
    const at::Tensor x = leaf(11, 23), weight = leaf(37, 23), bias = has_bias ? leaf(1, 37) : at::Tensor();
    const auto bias_row = has_bias ? bias.view({37}) : at::Tensor();
    const at::Tensor found = masked_product(x, weight, bias_row, mask), expected = at::linear(x, weight * ones, bias_row);
    EXPECT_TRUE(at::allclose(found, expected, 1e-4, 1e-5));
    std::vector<at::Tensor> leaves = {x, weight};
    if (has_bias) leaves.push_back(bias);
    const auto ours = torch::autograd::grad({found.tanh().sum()}, leaves), theirs = torch::autograd::grad({expected.tanh().sum()}, leaves);
    for (std::size_t i = 0; i < leaves.size(); ++i) EXPECT_TRUE(at::allclose(ours[i], theirs[i], 1e-4, 1e-5)) << i;
  }
}

}  // namespace
}  // namespace understudy::nn
