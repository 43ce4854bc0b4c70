#include "nn/blocks/bidirectional.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "nn/noise.h"
#include "nn/testing_reference.h"

namespace understudy::nn {
namespace {

at::Tensor random(std::int64_t windows, std::int64_t steps, std::int64_t width) {
  Rng rng(3);
  return normals(rng, windows * steps, width).view({windows, steps, width});
}

// The first half of an output is the layer run forwards; read backwards, the second half is the other one run on x read
// backwards. So on x read backwards, with the directions' weights swapped, the halves swap.
TEST(BidirectionalGru, EachDirectionSeesItsOwnSide) {
  Rng rng(1);
  Parameters parameters;
  const BidirectionalGru gru(parameters, "gru", 3, 4, 1, rng);
  const at::Tensor x = random(2, 5, 3), late = x.clone();
  late.select(1, 4).add_(1);  // the last step alone
  Tape tape = Tape::sampling(parameters.flat());
  const at::Tensor changed = (gru(tape, x) - gru(tape, late)).abs();
  EXPECT_EQ(changed.narrow(1, 0, 4).narrow(2, 0, 4).max().item<float>(), 0);
  EXPECT_GT(changed.select(1, 4).narrow(1, 0, 4).min().item<float>(), 0);
  EXPECT_GT(changed.select(1, 0).narrow(1, 4, 4).min().item<float>(), 0);

  const std::int64_t half = parameters.size() / 2;
  Tape swapped = Tape::sampling(at::cat({parameters.flat().narrow(0, half, half), parameters.flat().narrow(0, 0, half)}));
  const at::Tensor there = gru(tape, x), back = gru(swapped, x.flip(1)).flip(1);
  EXPECT_TRUE(at::equal(at::cat({back.narrow(2, 4, 4), back.narrow(2, 0, 4)}, 2), there));
}

// 3 h (inputs + h) weights and 6 h biases for each direction and layer.
TEST(BidirectionalGru, HasTheParametersOfTorch) {
  Rng rng(1);
  Parameters parameters;
  const BidirectionalGru gru(parameters, "gru", 5, 20, 3, rng);
  EXPECT_EQ(parameters.size(), 2 * (3 * 20 * (5 + 20) + 120) + 4 * (3 * 20 * (40 + 20) + 120));
}

TEST(BidirectionalGru, NormsBySubjectAreThoseOfOneAtATime) {
  Rng rng(1);
  Parameters parameters;
  const BidirectionalGru gru(parameters, "gru", 3, 4, 2, rng);
  const at::Tensor x = random(6, 5, 3);
  expect_as_reference(parameters.flat(), 6, [&](Tape& tape, std::int64_t first, std::int64_t count) {
    return gru(tape, x.narrow(0, first, count)).square().sum();
  });
}

}  // namespace
}  // namespace understudy::nn
