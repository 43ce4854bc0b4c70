#include "nn/blocks/gru_cell.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "nn/blocks/gru.h"
#include "nn/noise.h"
#include "nn/testing_reference.h"

namespace understudy::nn {
namespace {

constexpr std::int64_t kSteps = 4, kInputs = 3, kHidden = 5;

at::Tensor run(Tape& tape, const GruCell& cell, const at::Tensor& x) {
  at::Tensor state = at::zeros({x.size(0), kHidden});
  for (std::int64_t step = 0; step < kSteps; ++step) state = cell(tape, x.select(1, step), state);
  return state;
}

// The same weights in the order of Gru: of the input r, z, n; of the state n, r, z.
TEST(GruCell, IsAStepOfGru) {
  Rng rng(1);
  Parameters parameters, others;
  const GruCell cell(parameters, "cell", kInputs, kHidden, rng);
  const Gru gru(others, "gru", kInputs, kHidden, 1, rng);
  const auto turned = [](const at::Tensor& w) { return at::cat({w.narrow(0, 2 * kHidden, kHidden), w.narrow(0, 0, 2 * kHidden)}); };
  const RecurrentLayer& layer = gru.layers()[0];
  others.value(layer.input_weight).copy_(parameters.value(cell.input.weight));
  others.value(layer.input_bias).copy_(parameters.value(*cell.input.bias));
  others.value(layer.hidden_weight).copy_(turned(parameters.value(cell.hidden.weight)));
  others.value(layer.hidden_bias).copy_(turned(parameters.value(*cell.hidden.bias)));
  const at::Tensor x = normals(rng, 2 * kSteps, kInputs).view({2, kSteps, kInputs});
  Tape one = Tape::sampling(parameters.flat()), other = Tape::sampling(others.flat());
  EXPECT_LE((run(one, cell, x) - gru(other, x).select(1, kSteps - 1)).abs().max().item<double>(), 1e-6);
}

TEST(GruCell, NormsBySubjectAreThoseOfOneAtATime) {
  Rng rng(1);
  Parameters parameters;
  const GruCell cell(parameters, "cell", kInputs, kHidden, rng);
  const at::Tensor x = normals(rng, 6 * kSteps, kInputs).view({6, kSteps, kInputs});
  expect_as_reference(parameters.flat(), 6, [&](Tape& tape, std::int64_t first, std::int64_t count) {
    return run(tape, cell, x.narrow(0, first, count)).square().sum();
  });
}

}  // namespace
}  // namespace understudy::nn
