#include "nn/device.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "nn/adam.h"
#include "nn/average.h"
#include "nn/blocks/attention.h"
#include "nn/blocks/critic.h"
#include "nn/blocks/gru.h"
#include "nn/blocks/lstm.h"
#include "nn/sgd.h"
#include "testing/kind_of.h"

namespace understudy::nn {
namespace {

TEST(ParseDevice, NamesWhatIsWrongAndWhatIsAccepted) {
  EXPECT_EQ(parse_device("cpu"), at::Device(at::kCPU));
  for (const char* word : {"gpu", "", "CPU", "cuda:0"}) {
    EXPECT_EQ(kind_of([&] { parse_device(word); }), ErrorKind::usage) << word;
  }
  try {
    parse_device("tpu");
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "device is 'tpu'; it must be one of cpu, cuda");
  }
  if (!at::hasCUDA()) {
    EXPECT_EQ(kind_of([] { parse_device("cuda"); }), ErrorKind::usage);
  }
}

// The device "meta" has shapes and no numbers: what a block makes in this processor's memory by mistake meets it and throws.
// Norms need numbers; that path is tried by expect_as_reference.
TEST(Device, BlocksKeepToTheDeviceOfTheirInputs) {
  Rng rng(1);
  Parameters parameters;
  const SelfAttention attention(parameters, "attention", 8, 2, rng);
  const Gru gru(parameters, "gru", 8, 8, 2, rng);
  const Lstm lstm(parameters, "lstm", 8, 8, 1, rng);
  const Critic critic(parameters, "critic", {8, 5, 1}, rng);
  parameters.move_to(at::kMeta);
  const at::Tensor x = at::empty({3, 6, 8}, at::TensorOptions(at::kFloat).device(at::kMeta));
  Tape tape(parameters.flat(), 3);
  const at::Tensor h = lstm(tape, gru(tape, attention(tape, x, causal_mask(6, x.options()))));
  tape.backward(critic(tape, h).sum() + gradient_penalties(Penalty::slope_one, critic.input_gradient(tape, x)).sum());
}

TEST(Device, TheStateOfATrainingFollowsTheParameters) {
  const at::Tensor flat = at::empty({5}, at::TensorOptions(at::kFloat).device(at::kMeta)), gradient = at::empty_like(flat);
  Adam adam(5, {});
  adam.step(flat, gradient, 0.1);
  Sgd sgd(5, {.momentum = 0.5, .nesterov = true});
  sgd.step(flat, gradient, 0.1);
  Average average(5, {});
  average.update(flat);
  EXPECT_TRUE(average.value().is_meta());
}

}  // namespace
}  // namespace understudy::nn
