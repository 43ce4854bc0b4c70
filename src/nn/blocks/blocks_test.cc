// Every block by subject against one subject at a time, alone and composed; and against torch's own operation.
#include <ATen/ATen.h>
#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>

#include <cmath>

#include "nn/blocks/attention.h"
#include "nn/blocks/conv1d.h"
#include "nn/blocks/critic.h"
#include "nn/blocks/embedding.h"
#include "nn/blocks/encodings.h"
#include "nn/blocks/linear.h"
#include "nn/blocks/masked_linear.h"
#include "nn/blocks/normalise.h"
#include "nn/blocks/residual.h"
#include "nn/noise.h"
#include "nn/testing_reference.h"

namespace understudy::nn {
namespace {

constexpr std::int64_t kSubjects = 6, kWindows = 2, kSteps = 9, kWidth = 8;

at::Tensor random(std::vector<std::int64_t> shape, std::uint64_t seed) {
  Rng rng(seed);
  std::int64_t size = 1;
  for (const std::int64_t extent : shape) size *= extent;
  return normals(rng, 1, size).view(shape);
}

using Block = std::function<at::Tensor(Tape& tape, const at::Tensor& x)>;
using MakeBlock = std::function<Block(Parameters& parameters, Rng& rng)>;

struct Case {
  const char* name;
  MakeBlock make;
  friend void PrintTo(const Case& chosen, std::ostream* out) { *out << chosen.name; }
};

const Case kCases[] = {
    {"linear", [](Parameters& p, Rng& rng) -> Block { return Linear(p, "b", kWidth, 5, rng); }},
    {"linear_without_bias", [](Parameters& p, Rng& rng) -> Block { return Linear(p, "b", kWidth, 5, rng, false); }},
    {"masked_linear", [](Parameters& p, Rng& rng) -> Block { return MaskedLinear(p, "b", at::ones({5, kWidth}).tril(2), rng); }},
    {"masked_linear_twice", [](Parameters& p, Rng& rng) -> Block {
       return [block = MaskedLinear(p, "b", at::ones({kWidth, kWidth}).tril(), rng)](Tape& tape, const at::Tensor& x) {
         return block(tape, block(tape, x).tanh());
       };
     }},
    {"layer_norm", [](Parameters& p, Rng&) -> Block { return LayerNorm(p, "b", kWidth); }},
    {"group_norm", [](Parameters& p, Rng&) -> Block { return GroupNorm(p, "b", 4, kWidth); }},
    {"conv1d", [](Parameters& p, Rng& rng) -> Block { return Conv1d(p, "b", kWidth, 5, {.kernel = 3, .padding = 1}, rng); }},
    {"conv1d_dilated",
     [](Parameters& p, Rng& rng) -> Block { return Conv1d(p, "b", kWidth, 5, {.kernel = 3, .stride = 2, .padding = 2, .dilation = 2}, rng); }},
    {"conv_transpose1d",
     [](Parameters& p, Rng& rng) -> Block { return ConvTranspose1d(p, "b", kWidth, 5, {.kernel = 4, .stride = 2, .padding = 1}, rng); }},
    {"self_attention", [](Parameters& p, Rng& rng) -> Block {
       return [block = SelfAttention(p, "b", kWidth, 2, rng)](Tape& tape, const at::Tensor& x) { return block(tape, x); };
     }},
    {"causal_attention", [](Parameters& p, Rng& rng) -> Block {
       return [block = SelfAttention(p, "b", kWidth, 2, rng)](Tape& tape, const at::Tensor& x) {
         return block(tape, x, causal_mask(x.size(1), x.options()));
       };
     }},
    {"cross_attention", [](Parameters& p, Rng& rng) -> Block {
       return [block = CrossAttention(p, "b", kWidth, kWidth, 4, rng)](Tape& tape, const at::Tensor& x) {
         return block(tape, x, x.slice(1, 0, 4).tanh());
       };
     }},
    {"transformer_layer", [](Parameters& p, Rng& rng) -> Block {
       return [block = TransformerLayer(p, "b", {.width = kWidth, .heads = 2, .inner = 12}, rng)](Tape& tape, const at::Tensor& x) {
         return block(tape, x);
       };
     }},
    {"transformer_layer_norm_last", [](Parameters& p, Rng& rng) -> Block {
       return [block = TransformerLayer(p, "b", {.width = kWidth, .heads = 2, .inner = 12, .norm_first = false, .gelu = false}, rng)](
                  Tape& tape, const at::Tensor& x) { return block(tape, x); };
     }},
    {"residual", [](Parameters& p, Rng& rng) -> Block { return Residual(p, "b", kWidth, 16, rng); }},
};

class Blocks : public testing::TestWithParam<Case> {};

TEST_P(Blocks, AloneAsOneAtATime) {
  Rng rng(1);
  Parameters parameters;
  const Block block = GetParam().make(parameters, rng);
  const at::Tensor x = random({kSubjects * kWindows, kSteps, kWidth}, 2);
  expect_as_reference(parameters.flat(), kSubjects, [&](Tape& tape, std::int64_t first, std::int64_t count) {
    return block(tape, x.narrow(0, kWindows * first, kWindows * count)).tanh().square().sum();
  });
}

TEST_P(Blocks, BetweenOthersAsOneAtATime) {
  Rng rng(3);
  Parameters parameters;
  const Linear before(parameters, "before", 4, kWidth, rng);
  const Block block = GetParam().make(parameters, rng);
  const at::Tensor x = random({kSubjects * kWindows, kSteps, 4}, 2), to = random({kSubjects * kWindows, 1, 1}, 5);
  expect_as_reference(parameters.flat(), kSubjects, [&](Tape& tape, std::int64_t first, std::int64_t count) {
    const at::Tensor h = block(tape, at::gelu(before(tape, x.narrow(0, kWindows * first, kWindows * count))));
    return (h - to.narrow(0, kWindows * first, kWindows * count)).square().sum();
  });
}

TEST_P(Blocks, SamplingGivesTheSameNumbers) {
  Rng rng(1);
  Parameters parameters;
  const Block block = GetParam().make(parameters, rng);
  const at::Tensor x = random({kSubjects, kSteps, kWidth}, 2);
  Tape sampling = Tape::sampling(parameters.flat()), training(parameters.flat(), kSubjects);
  const at::Tensor y = block(sampling, x);
  EXPECT_FALSE(y.requires_grad());
  EXPECT_TRUE(y.equal(block(training, x).detach()));
}

// Where the mask is 0: no gradient in the plain pass, in the norm or in the sum, and the layer sees no weight there.
TEST(MaskedLinear, WhatIsMaskedIsNowhere) {
  Rng rng(1);
  Parameters parameters;
  const at::Tensor mask = at::ones({5, kWidth}).tril(1);
  const MaskedLinear block(parameters, "b", mask, rng);
  const at::Tensor x = random({kSubjects, kSteps, kWidth}, 2), hidden = mask.eq(0);
  EXPECT_EQ(parameters.value(block.weight).masked_select(hidden).abs().sum().item<float>(), 0);
  Tape plain = Tape::plain(parameters.flat()), tape(parameters.flat(), kSubjects);
  const at::Tensor y = block(plain, x);
  plain.backward(y.square().sum());
  tape.backward(block(tape, x).square().sum());
  const at::Tensor norms = tape.squared_norms(), sum = tape.weighted_sum(at::ones({kSubjects}));
  for (const at::Tensor& gradient : {plain.gradient(), sum}) {
    const at::Tensor of_weight = gradient.narrow(0, block.weight.offset, block.weight.size()).view({5, kWidth});
    EXPECT_EQ(of_weight.masked_select(hidden).abs().sum().item<float>(), 0);
    EXPECT_GT(of_weight.masked_select(mask.eq(1)).abs().min().item<float>(), 0);
  }
  at::Tensor other = parameters.flat().clone();
  other.narrow(0, block.weight.offset, block.weight.size()).view({5, kWidth}).add_((1 - mask) * 7);
  Tape elsewhere(other, kSubjects), sampling = Tape::sampling(other);
  EXPECT_TRUE(block(sampling, x).equal(y.detach()));
  elsewhere.backward(block(elsewhere, x).square().sum());
  EXPECT_TRUE(elsewhere.squared_norms().equal(norms));
}

// Step by step as the causal pass over all of them, also when windows come to their end.
TEST(TransformerLayer, StepsAreThoseOfTheWholePass) {
  Rng rng(1);
  Parameters parameters;
  const TransformerLayer layer(parameters, "b", {.width = kWidth, .heads = 2, .inner = 12}, rng);
  const at::Tensor x = random({kSubjects, kSteps, kWidth}, 2);
  Tape tape = Tape::sampling(parameters.flat());
  const at::Tensor whole = layer(tape, x, causal_mask(kSteps, x.options()));
  AttentionMemory memory(kSubjects, 2, kSteps, kWidth, x.options());
  for (std::int64_t step = 0; step < kSteps; ++step) {
    const std::int64_t windows = step < 4 ? kSubjects : 3;
    memory.keep(windows);
    const at::Tensor next = layer.next(tape, x.narrow(0, 0, windows).narrow(1, step, 1), memory);
    EXPECT_TRUE(at::allclose(next, whole.narrow(0, 0, windows).narrow(1, step, 1), 1e-5, 1e-6)) << step;
  }
}

INSTANTIATE_TEST_SUITE_P(All, Blocks, testing::ValuesIn(kCases), [](const auto& chosen) { return std::string(chosen.param.name); });

// Scores, and a penalty on their gradients: first- and second-order terms of one subject together.
TEST(Critic, GradientPenaltyAsOneAtATime) {
  Rng rng(1);
  Parameters parameters;
  const Critic critic(parameters, "critic", {kWidth, 12, 12, 1}, rng);
  const at::Tensor x = random({kSubjects * kWindows, kSteps, kWidth}, 2);
  expect_as_reference(parameters.flat(), kSubjects, [&](Tape& tape, std::int64_t first, std::int64_t count) {
    const at::Tensor rows = x.narrow(0, kWindows * first, kWindows * count);
    return critic(tape, rows).sum() + 10 * gradient_penalties(Penalty::slope_one, critic.input_gradient(tape, rows)).sum();
  });
}

TEST(Critic, InputGradientIsAutograds) {
  Rng rng(1);
  Parameters parameters;
  const Critic critic(parameters, "critic", {kWidth, 12, 12, 1}, rng);
  const at::Tensor x = random({5, kWidth}, 2).requires_grad_(true);
  Tape tape = Tape::plain(parameters.flat());
  const at::Tensor expected = torch::autograd::grad({critic(tape, x).sum()}, {x}).front();
  EXPECT_TRUE(at::allclose(critic.input_gradient(tape, x.detach()), expected, 1e-5, 1e-6));
}

// Hidden: [1 -1; 0.5 2] x + [0, -1]; output: [3 4] h + 0.5. At (1, 3) the first hidden unit is below 0:
// 3 * 0.2 * (1, -1) + 4 * (0.5, 2) = (2.6, 7.4). At (2, 1): (5, 5).
TEST(Critic, InputGradientByHand) {
  Rng rng(1);
  Parameters parameters;
  const Critic critic(parameters, "critic", {2, 2, 1}, rng);
  parameters.flat().copy_(at::tensor({1.0F, -1.0F, 0.5F, 2.0F, 0.0F, -1.0F, 3.0F, 4.0F, 0.5F}));
  Tape tape = Tape::sampling(parameters.flat());
  const at::Tensor g = critic.input_gradient(tape, at::tensor({1.0F, 3.0F, 2.0F, 1.0F}).view({2, 2}));
  EXPECT_TRUE(at::allclose(g, at::tensor({2.6F, 7.4F, 5.0F, 5.0F}).view({2, 2}), 1e-5));
}

TEST(Critic, PenaltiesByHand) {
  const at::Tensor gradients = at::tensor({3.0F, 4.0F, 0.6F, 0.8F}).view({2, 2});
  EXPECT_TRUE(at::allclose(gradient_penalties(Penalty::slope_one, gradients), at::tensor({16.0F, 0.0F}), 1e-5, 1e-6));
  EXPECT_TRUE(at::allclose(gradient_penalties(Penalty::slope_zero, gradients), at::tensor({25.0F, 1.0F})));
}

TEST(Critic, PenaltyGradientIsItsFiniteDifference) {
  Rng rng(3);
  Parameters parameters;
  const Critic critic(parameters, "critic", {2, 8, 8, 1}, rng);
  const at::Tensor x = at::tensor({0.5F, -1.0F, 1.5F, 0.25F, -0.75F, 2.0F}).view({3, 2});
  const auto penalty = [&](Tape& tape) { return gradient_penalties(Penalty::slope_one, critic.input_gradient(tape, x)).mean(); };
  Tape tape = Tape::plain(parameters.flat());
  tape.backward(penalty(tape));
  constexpr float kStep = 2e-3F;
  for (std::int64_t i = 0; i < parameters.size(); i += 5) {
    const auto moved = [&](float by) {
      at::Tensor flat = parameters.flat().clone();
      flat[i] += by;
      Tape other = Tape::sampling(flat);
      return penalty(other).item<float>();
    };
    const double slope = (moved(kStep) - moved(-kStep)) / (2 * static_cast<double>(kStep));
    EXPECT_NEAR(tape.gradient()[i].item<float>(), slope, 0.02 * (1 + std::abs(slope))) << i;
  }
}

TEST(Conv1d, IsTorchs) {
  Rng rng(1);
  Parameters parameters;
  const ConvOptions options{.kernel = 3, .stride = 2, .padding = 2, .dilation = 2};
  const Conv1d block(parameters, "b", 4, 5, options, rng);
  const at::Tensor x = random({3, 11, 4}, 2);
  Tape tape = Tape::sampling(parameters.flat());
  const at::Tensor expected = at::conv1d(x.transpose(1, 2), parameters.value(block.linear.weight).view({5, 4, 3}),
                                         parameters.value(*block.linear.bias), options.stride, options.padding, options.dilation);
  EXPECT_TRUE(at::allclose(block(tape, x), expected.transpose(1, 2), 1e-5, 1e-6));
}

TEST(ConvTranspose1d, IsTorchs) {
  Rng rng(1);
  Parameters parameters;
  const ConvTranspose1d block(parameters, "b", 4, 5, {.kernel = 4, .stride = 2, .padding = 1}, rng);
  const at::Tensor x = random({3, 6, 4}, 2);
  Tape tape = Tape::sampling(parameters.flat());
  const at::Tensor weight = parameters.value(block.linear.weight).view({5, 4, 4}).permute({2, 0, 1});
  const at::Tensor expected = at::conv_transpose1d(x.transpose(1, 2), weight, parameters.value(block.bias), 2, 1);
  EXPECT_TRUE(at::allclose(block(tape, x), expected.transpose(1, 2), 1e-5, 1e-6));
}

TEST(GroupNorm, IsTorchs) {
  Parameters parameters;
  const GroupNorm block(parameters, "b", 2, 6);
  const at::Tensor x = random({3, 7, 6}, 2);
  Tape tape = Tape::sampling(parameters.flat());
  EXPECT_TRUE(at::allclose(block(tape, x), at::group_norm(x.transpose(1, 2), 2).transpose(1, 2), 1e-5, 1e-5));
}

TEST(Sinusoidal, ByHand) {
  const at::Tensor found = sinusoidal(at::tensor({0.0F, 2.0F}), 4);
  EXPECT_TRUE(at::allclose(found, at::tensor({0.0F, 0.0F, 1.0F, 1.0F, std::sin(2.0F), std::sin(0.02F), std::cos(2.0F), std::cos(0.02F)}).view({2, 4})));
}

// 100,000 coins of probability 1 / 4; the bound is above 6 standard errors, a false alarm below 1e-8.
TEST(Dropout, KeepsTheMean) {
  Rng rng(1);
  const at::Tensor dropped = dropout(at::ones({100000}), 0.25, rng);
  EXPECT_NEAR(dropped.mean().item<float>(), 1, 0.012);
  EXPECT_NEAR(dropped.max().item<float>(), 4.0 / 3, 1e-6);
  EXPECT_TRUE(dropout(at::ones({4}), 0, rng).equal(at::ones({4})));
}

}  // namespace
}  // namespace understudy::nn
