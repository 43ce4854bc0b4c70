#include "nn/blocks/recurrent.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>

#include <cmath>
#include <limits>
#include <thread>

#include "nn/blocks/gru.h"
#include "nn/blocks/lstm.h"
#include "nn/blocks/smooth.h"
#include "nn/noise.h"
#include "nn/serial.h"
#include "nn/testing_reference.h"

namespace understudy::nn {
namespace {

constexpr std::int64_t kSubjects = 5, kInputs = 6, kHidden = 11;

at::Tensor random(std::vector<std::int64_t> shape, std::uint64_t seed) {
  Rng rng(seed);
  return normals(rng, 1, Parameter{.shape = shape}.size()).view(shape);
}

double distance(const at::Tensor& a, const at::Tensor& b) { return (a - b).abs().max().item<double>(); }

// A linear layer, the recurrent ones, and another linear layer.
struct Network {
  Parameters parameters;
  Parameter before, after, after_bias;
  Recurrent recurrent;

  Network(const Cell& cell, std::int64_t layers, std::uint64_t seed = 1)
      : before(parameters.add("before", random({kInputs, 4}, 2))),
        after(parameters.add("after", random({3, kHidden}, 3))),
        after_bias(parameters.add("after_bias", random({3}, 4))),
        recurrent([&] {
          Rng rng(seed);
          return Recurrent(cell, parameters, "middle", kInputs, kHidden, layers, rng);
        }()) {}

  at::Tensor operator()(Tape& tape, const at::Tensor& x) const {
    return tape.linear(recurrent(tape, tape.linear(x, before, std::nullopt)), after, after_bias);
  }
};

// The same equations from ordinary doors, step by step: slow, and obviously right.
at::Tensor gru_step(const at::Tensor& a, const at::Tensor& b, std::vector<at::Tensor>& state) {
  const auto input = a.chunk(3, 1), hidden = b.chunk(3, 1);  // r, z, n and n, r, z
  const at::Tensor r = at::sigmoid(input[0] + hidden[1]), z = at::sigmoid(input[1] + hidden[2]);
  const at::Tensor n = at::tanh(input[2] + r * hidden[0]);
  state[0] = (1 - z) * n + z * state[0];
  return state[0];
}

at::Tensor lstm_step(const at::Tensor& a, const at::Tensor& b, std::vector<at::Tensor>& state) {
  const auto gate = (a + b).chunk(4, 1);
  state[1] = at::sigmoid(gate[1]) * state[1] + at::sigmoid(gate[0]) * at::tanh(gate[2]);
  state[0] = at::sigmoid(gate[3]) * at::tanh(state[1]);
  return state[0];
}

at::Tensor composed(const Network& network, bool is_gru, Tape& tape, const at::Tensor& x) {
  at::Tensor sequence = tape.linear(x, network.before, std::nullopt);
  for (const RecurrentLayer& layer : network.recurrent.layers()) {
    std::vector<at::Tensor> state(2, at::zeros({x.size(0), kHidden})), outputs;
    for (std::int64_t t = 0; t < x.size(1); ++t) {
      const at::Tensor a = tape.linear(sequence.select(1, t), layer.input_weight, layer.input_bias);
      const at::Tensor b = tape.linear(state[0], layer.hidden_weight, layer.hidden_bias);
      outputs.push_back(is_gru ? gru_step(a, b, state) : lstm_step(a, b, state));
    }
    sequence = at::stack(outputs, 1);
  }
  return tape.linear(sequence, network.after, network.after_bias);
}

struct Found {
  at::Tensor norms, clipped;
};

// Clipped to the median of the norms.
Found by_subject(const at::Tensor& flat, std::int64_t subjects, const std::function<at::Tensor(Tape&)>& loss) {
  Tape tape(flat, subjects);
  tape.backward(loss(tape));
  const at::Tensor squares = tape.squared_norms();
  return {squares.sqrt(), tape.weighted_sum(clip_factors(squares, {.bound = squares.sqrt().nanmedian().item<double>()}))};
}

class RecurrentCells : public testing::TestWithParam<bool> {
 protected:
  bool is_gru() const { return GetParam(); }
  const Cell& cell() const { return is_gru() ? gru_cell() : lstm_cell(); }
};

INSTANTIATE_TEST_SUITE_P(, RecurrentCells, testing::Bool(), [](const auto& which) { return which.param ? "Gru" : "Lstm"; });

TEST_P(RecurrentCells, AsOneSubjectAtATime) {
  for (const std::int64_t layers : {1, 2}) {
    for (const std::int64_t windows : {1, 3}) {
      for (const std::int64_t steps : {1, 7, 48}) {
        SCOPED_TRACE(testing::Message() << layers << " layers, " << windows << " windows, " << steps << " steps");
        const Network network(cell(), layers);
        const at::Tensor x = random({kSubjects * windows, steps, 4}, 7);
        expect_as_reference(network.parameters.flat(), kSubjects, [&](Tape& tape, std::int64_t first, std::int64_t count) {
          return network(tape, x.narrow(0, first * windows, count * windows)).square().sum();
        });
      }
    }
  }
}

TEST_P(RecurrentCells, AsComposedOfDoors) {
  const Network network(cell(), 2);
  const at::Tensor x = random({kSubjects * 2, 9, 4}, 7), flat = network.parameters.flat();
  Tape fast = Tape::plain(flat), slow = Tape::plain(flat);
  const at::Tensor y = network(fast, x), expected = composed(network, is_gru(), slow, x);
  EXPECT_LE(distance(y, expected), 2e-6);
  fast.backward(y.square().sum());
  slow.backward(expected.square().sum());
  EXPECT_LE(distance(fast.gradient(), slow.gradient()) / slow.gradient().abs().max().item<double>(), 1e-6);
  const Found a = by_subject(flat, kSubjects, [&](Tape& tape) { return network(tape, x).square().sum(); });
  const Found b = by_subject(flat, kSubjects, [&](Tape& tape) { return composed(network, is_gru(), tape, x).square().sum(); });
  EXPECT_LE(((a.norms - b.norms) / b.norms).abs().max().item<double>(), 1e-5);
  EXPECT_LE(((a.clipped - b.clipped).norm() / b.clipped.norm()).item<double>(), 1e-5);
}

// Our parameters as torch orders them: weights of inputs and states, then biases.
std::vector<at::Tensor> as_torch(const Cell& cell, const Recurrent& recurrent, const Tape& tape) {
  const auto turned = [&](const Parameter& parameter) {  // n, r, z to r, z, n
    const at::Tensor value = tape.value(parameter);
    return cell.input_from == 0 ? value : value.roll(-kHidden, 0);
  };
  std::vector<at::Tensor> result;
  for (const RecurrentLayer& layer : recurrent.layers()) {
    result.insert(result.end(), {tape.value(layer.input_weight), turned(layer.hidden_weight), tape.value(layer.input_bias),
                                 turned(layer.hidden_bias)});
  }
  return result;
}

// at::gru and at::lstm, with the state as ours: output and state.
std::pair<at::Tensor, at::Tensor> torchs(const at::Tensor& x, const at::Tensor& initial,
                                         const std::vector<at::Tensor>& weights) {
  const at::Tensor h0 = initial.select(1, 0).contiguous();
  if (initial.size(1) == 1) {
    const auto [output, h] = at::gru(x, h0, weights, true, 2, 0, true, false, true);
    return {output, h.unsqueeze(1)};
  }
  const auto [output, h, c] = at::lstm(x, {h0, initial.select(1, 1).contiguous()}, weights, true, 2, 0, true, false, true);
  return {output, at::stack({h, c}, 1)};
}

TEST_P(RecurrentCells, AsTorchsOwn) {
  Rng rng(1);
  Parameters parameters;
  const Recurrent recurrent(cell(), parameters, "middle", kInputs, kHidden, 2, rng);
  const at::Tensor x = random({8, 20, kInputs}, 7).requires_grad_(true);
  const at::Tensor initial = random({2, cell().parts, 8, kHidden}, 8).requires_grad_(true);
  const auto losses = [&](Tape& ours, Tape& theirs) {
    const auto [output, state] = recurrent.run(ours, x, initial);
    const auto [expected, last] = torchs(x, initial, as_torch(cell(), recurrent, theirs));
    EXPECT_LE(distance(output, expected), 1e-6);
    EXPECT_LE(distance(state, last), 1e-6);
    return std::pair(output.square().sum() + state.sum(), expected.square().sum() + last.sum());
  };
  const auto close = [](const at::Tensor& got, const at::Tensor& wanted) {
    return distance(got, wanted) <= 1e-6 * wanted.abs().max().item<double>();
  };
  Tape ours = Tape::plain(parameters.flat()), theirs = Tape::plain(parameters.flat());
  const auto [a, b] = losses(ours, theirs);
  ours.backward(a);
  theirs.backward(b);
  EXPECT_TRUE(close(ours.gradient(), theirs.gradient()));
  const auto [c, d] = losses(ours, theirs);
  const auto found = torch::autograd::grad({c}, {x, initial}), expected = torch::autograd::grad({d}, {x, initial});
  EXPECT_TRUE(close(found[0], expected[0]));
  EXPECT_TRUE(close(found[1], expected[1]));
}

TEST_P(RecurrentCells, GoesOnFromAState) {
  const Network network(cell(), 2);
  const at::Tensor x = random({kSubjects * 3, 10, kInputs}, 7), flat = network.parameters.flat();
  const auto in_pieces = [&](Tape& tape, std::int64_t first, std::int64_t count) {
    const at::Tensor mine = x.narrow(0, 3 * first, 3 * count);
    const at::Tensor start = at::zeros({2, cell().parts, 3 * count, kHidden});
    const auto [head, state] = network.recurrent.run(tape, mine.narrow(1, 0, 4), start);
    return at::cat({head, network.recurrent.run(tape, mine.narrow(1, 4, 6), state).output}, 1);
  };
  Tape whole = Tape::sampling(flat), pieces = Tape::sampling(flat);
  EXPECT_LE(distance(network.recurrent(whole, x), in_pieces(pieces, 0, kSubjects)), 1e-6);
  expect_as_reference(flat, kSubjects, [&](Tape& tape, std::int64_t first, std::int64_t count) {
    return in_pieces(tape, first, count).square().sum();
  });
}

TEST_P(RecurrentCells, GoesBackOnce) {
  const Network network(cell(), 1);
  Tape tape = Tape::plain(network.parameters.flat());
  const at::Tensor x = random({4, 3, kInputs}, 7).requires_grad_(true), loss = network.recurrent(tape, x).sum();
  torch::autograd::grad({loss}, {x}, {}, /*retain_graph=*/true);
  EXPECT_THROW(torch::autograd::grad({loss}, {x}), c10::Error);
}

TEST_P(RecurrentCells, SameOutputsInAllModes) {
  const Network network(cell(), 2);
  const at::Tensor x = random({kSubjects, 6, 4}, 7), flat = network.parameters.flat();
  Tape recording(flat, kSubjects), plain = Tape::plain(flat), sampling = Tape::sampling(flat);
  const at::Tensor expected = network(plain, x);
  EXPECT_TRUE(network(recording, x).equal(expected));
  const at::Tensor sampled = network(sampling, x);
  EXPECT_TRUE(sampled.equal(expected));
  EXPECT_FALSE(sampled.requires_grad());
}

TEST_P(RecurrentCells, PaddedStepsDoNotMatter) {
  const Network network(cell(), 2);
  const at::Tensor x = random({kSubjects, 12, 4}, 7), other = x.clone(), flat = network.parameters.flat();
  const at::Tensor is_true = at::arange(12) < at::tensor({12, 3, 1, 7, 11}).unsqueeze(1);
  other.copy_(at::where(is_true.unsqueeze(2), x, at::zeros_like(x)));
  const auto found = [&](const at::Tensor& padded) {
    return by_subject(flat, kSubjects, [&](Tape& tape) { return (network(tape, padded).square().sum(2) * is_true).sum(); });
  };
  const Found a = found(x), b = found(other);
  EXPECT_TRUE(a.norms.equal(b.norms));
  EXPECT_TRUE(a.clipped.equal(b.clipped));
}

TEST_P(RecurrentCells, WhatIsNotFiniteAddsNothing) {
  const Network network(cell(), 1);
  const at::Tensor x = random({3, 5, 4}, 7), flat = network.parameters.flat();
  x[1][2][0] = std::numeric_limits<float>::quiet_NaN();
  const auto sum = [&](const at::Tensor& batch) {
    return by_subject(flat, batch.size(0), [&](Tape& tape) { return network(tape, batch).square().sum(); }).clipped;
  };
  const at::Tensor expected = sum(at::stack({x[0], x[2]}));
  EXPECT_LE(distance(sum(x), expected), 1e-6 * expected.abs().max().item<double>());
}

TEST_P(RecurrentCells, SameBytesInAnyThread) {
  const Network network(cell(), 2);
  const at::Tensor flat = network.parameters.flat();
  const auto work = [&](std::uint64_t shard) {
    use_one_thread();
    const at::Tensor x = random({kSubjects, 20, 4}, shard);
    return by_subject(flat, kSubjects, [&](Tape& tape) { return network(tape, x).square().sum(); }).clipped;
  };
  std::vector<at::Tensor> apart(2);
  std::thread other([&] { apart[1] = work(1); });
  apart[0] = work(0);
  other.join();
  EXPECT_TRUE(apart[0].equal(work(0)));
  EXPECT_TRUE(apart[1].equal(work(1)));
}

// The loops against the same equations in tensor operations, which serve other devices.
TEST_P(RecurrentCells, LoopsAsTensorOperations) {
  const auto both = [&](const Pointwise& pointwise) {
    const at::Tensor gates = random({13, 4 * kHidden}, 1) * 3, before = random({cell().parts, 13, kHidden}, 2);
    const at::Tensor after = at::zeros_like(before), carry = random({cell().parts, 13, kHidden}, 3);
    pointwise.forward(gates, before, after);
    pointwise.backward(gates, before, after, random({13, kHidden}, 4), carry);
    return at::cat({gates.view({-1}), after.view({-1}), carry.view({-1})});
  };
  EXPECT_LE(distance(both(cell().loops), both(cell().operations)), 2e-6);
}

TEST(Smooth, AgainstDoubles) {
  double worst = 0;
  for (const float sign : {-1.0F, 1.0F}) {
    for (float x = 1e-30F; x < 1e30F; x *= 1.0001F) {
      const double at = static_cast<double>(sign * x), s = 1 / (1 + std::exp(-at)), t = std::tanh(at);
      if (at > -87) worst = std::max(worst, std::abs(static_cast<double>(logistic(sign * x)) - s) / s);
      worst = std::max(worst, std::abs(static_cast<double>(tangent(sign * x)) - t) / std::abs(t));
    }
  }
  EXPECT_LE(worst, 3e-7);
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  EXPECT_LE(logistic(-kInfinity), 1e-37F);
  EXPECT_EQ(logistic(kInfinity), 1);
  EXPECT_EQ(tangent(-kInfinity), -1);
  EXPECT_EQ(tangent(0), 0);
  EXPECT_TRUE(std::isnan(logistic(std::nanf(""))) && std::isnan(tangent(std::nanf(""))));
}

TEST(Recurrent, BeginsAsTorchDoes) {
  Rng rng(1);
  Parameters parameters;
  const Gru gru(parameters, "gru", 3, 16, 2, rng);
  EXPECT_LE(parameters.flat().abs().max().item<float>(), 0.25F);
  EXPECT_NEAR(parameters.flat().var().item<float>(), 0.25F * 0.25F / 3, 0.002);  // 2,500 numbers: five standard errors
}

}  // namespace
}  // namespace understudy::nn
