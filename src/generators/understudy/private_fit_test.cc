#include "generators/understudy/private_fit.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "generators/understudy/series_network.h"
#include "nn/row.h"

namespace understudy {
namespace {

// Beside the gradient of each subject alone; nobody adds nothing.
TEST(WeighedGradient, IsTheSumOverSubjects) {
  const Chain chain({.sizes = {2, 5, 3}, .width = 4});
  Rng rng(3);
  const at::Tensor flat = initial_flat(chain, std::vector<std::vector<double>>{{0.5, 0.5}, {0.2, 0.2, 0.2, 0.2, 0.2}, {0.3, 0.3, 0.4}}, rng);
  const std::vector<std::int32_t> categories = {0, 4, 1, 1, 2, 0, 1, 0, 2};
  const std::vector<std::int64_t> subjects = {2, -1, 0};
  const at::Tensor factors = at::tensor({0.5F, 1.0F, 2.0F});
  at::Tensor expected = at::zeros_like(flat), squares = at::zeros({3}, at::kDouble);
  for (const std::int64_t i : {0, 2}) {
    at::Tensor alone = at::zeros_like(flat);
    Chain::Workspace room;
    const auto row = std::span(categories).subspan(static_cast<std::size_t>(subjects[static_cast<std::size_t>(i)] * 3), 3);
    chain.gradient(nn::row<float>(flat), {row}, nn::row<float>(alone), room);
    squares[i] = alone.to(at::kDouble).square().sum();
    expected += alone * factors[i];
  }
  const at::Tensor weighed = weighed_gradient(chain, flat, categories, subjects, [&](const at::Tensor& found) {
    EXPECT_TRUE(at::allclose(found, squares, 1e-4, 1e-6)) << found << squares;
    return factors;
  });
  EXPECT_TRUE(at::allclose(weighed, expected, 1e-4, 1e-5));
}

}  // namespace
}  // namespace understudy
