#include "nn/row_norms.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "nn/noise.h"

namespace understudy::nn {
namespace {

// In doubles, by the definition.
at::Tensor true_squares(const at::Tensor& a, const at::Tensor& g, bool has_bias) {
  at::Tensor inputs = a.to(at::kDouble);
  if (has_bias) inputs = at::cat({inputs, at::ones({a.size(0), a.size(1), 1}, at::kDouble)}, 2);
  return at::bmm(g.to(at::kDouble).transpose(1, 2), inputs).square().sum({1, 2});
}

at::Tensor rows(std::int64_t subjects, std::int64_t count, std::int64_t width, std::uint64_t seed) {
  Rng rng(seed);
  return normals(rng, 1, subjects * count * width).view({subjects, count, width});
}

TEST(RowNorms, EveryRuleAgreesWithTheDefinition) {
  for (const std::int64_t count : {1, 2, 17, 96}) {
    const at::Tensor a = rows(5, count, 33, 1), g = rows(5, count, 20, 2);
    for (const bool has_bias : {false, true}) {
      const at::Tensor expected = true_squares(a, g, has_bias);
      for (const NormRule rule : {NormRule::cheaper, NormRule::gram, NormRule::instantiate}) {
        const at::Tensor found = squared_norms(a, g, has_bias, rule);
        EXPECT_LE(((found - expected).abs() / expected).max().item<double>(), 2e-5);
      }
    }
  }
}

TEST(RowNorms, RowsMayLieTimeFirst) {
  const at::Tensor a = rows(6, 10, 8, 1), g = rows(6, 10, 4, 2);
  const at::Tensor strided_a = a.transpose(0, 1).contiguous().transpose(0, 1), strided_g = g.transpose(0, 1).contiguous().transpose(0, 1);
  for (const NormRule rule : {NormRule::gram, NormRule::instantiate}) {
    EXPECT_TRUE(squared_norms(a, g, true, rule).equal(squared_norms(strided_a, strided_g, true, rule)));
  }
}

// Rows that share a direction in their inputs and whose gradients nearly cancel: 96 rows, cancellation from 1e-1 to 1e-6,
// 40 subjects each. The plain gram would be too small in about a third of them.
TEST(RowNorms, ASubjectBuiltToCancelIsNotUnderestimated) {
  for (const double left_over : {1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6}) {
    const at::Tensor direction = rows(40, 1, 256, 1);
    const at::Tensor a = direction + 1e-3 * left_over * rows(40, 96, 256, 2);
    at::Tensor g = rows(40, 96, 256, 3);
    g = g - g.mean(1, true) * (1 - left_over);
    const at::Tensor expected = true_squares(a, g, true).sqrt(), found = squared_norms(a, g, true).sqrt();
    EXPECT_GE((found / expected).min().item<double>(), 1 - 1e-5) << left_over;
    EXPECT_LE((found / expected).max().item<double>(), 1 + 1e-3) << left_over;
  }
}

}  // namespace
}  // namespace understudy::nn
