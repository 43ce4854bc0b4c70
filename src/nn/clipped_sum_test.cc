// The sum of clipped gradients, and mistakes that implementations of it make: each is built in and must be seen.
#include "nn/clipped_sum.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>
#include <numeric>

#include "nn/blocks/linear.h"
#include "nn/noise.h"

namespace understudy::nn {
namespace {

constexpr std::int64_t kPeople = 23, kInputs = 6;

// People with records of very different size, so that some are clipped and some are not.
struct World {
  World() : rng(1), a(parameters, "a", kInputs, 10, rng), b(parameters, "b", 10, 1, rng) {
    x = normals(rng, kPeople, kInputs) * at::arange(1, kPeople + 1).unsqueeze(1) / 10;
  }
  at::Tensor records(std::span<const std::int64_t> subjects) const {
    at::Tensor rows = at::zeros({static_cast<std::int64_t>(subjects.size()), kInputs});
    for (std::size_t i = 0; i < subjects.size(); ++i) {
      if (subjects[i] >= 0) rows[static_cast<std::int64_t>(i)].copy_(x[subjects[i]]);
    }
    return rows;
  }
  SubjectLoss loss() const {
    return [this](Tape& tape, std::span<const std::int64_t> subjects) {
      return b(tape, a(tape, records(subjects)).tanh()).square().sum();
    };
  }
  std::vector<std::int64_t> people() const {
    std::vector<std::int64_t> all(kPeople);
    std::iota(all.begin(), all.end(), 0);
    return all;
  }

  Rng rng;
  Parameters parameters;
  Linear a, b;
  at::Tensor x;
};

std::vector<double> sum_of(const World& world, const std::vector<std::int64_t>& subjects, const Clipping& clipping, int threads = 1) {
  ShardPool pool(threads);
  std::vector<double> sum(static_cast<std::size_t>(world.parameters.size()));
  add_clipped(pool, subjects, clipping, on_tape(world.parameters.flat(), world.loss()), sum);
  return sum;
}

double length(const std::vector<double>& a, const std::vector<double>& b = {}) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += std::pow(a[i] - (b.empty() ? 0 : b[i]), 2);
  return std::sqrt(sum);
}

// Each subject alone, by autograd, clipped here.
std::vector<double> by_hand(const World& world, double bound) {
  std::vector<double> sum(static_cast<std::size_t>(world.parameters.size()));
  for (const std::int64_t person : world.people()) {
    Tape tape = Tape::plain(world.parameters.flat());
    tape.backward(world.loss()(tape, std::vector<std::int64_t>{person}));
    const at::Tensor gradient = tape.gradient().to(at::kDouble);
    const double factor = std::min(1.0, bound / gradient.norm().item<double>());
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += factor * gradient[static_cast<std::int64_t>(i)].item<double>();
  }
  return sum;
}

TEST(ClippedSum, IsTheSumOfEachSubjectClippedAlone) {
  const World world;
  const auto expected = by_hand(world, 0.5);
  for (const std::int64_t size : {1, 4, 23, 64}) {
    EXPECT_LE(length(sum_of(world, world.people(), {.bound = 0.5, .micro_batch = size}), expected) / length(expected), 1e-5) << size;
  }
}

TEST(ClippedSum, SameBytesWithAnyNumberOfThreads) {
  const World world;
  const Clipping clipping{.bound = 0.5, .micro_batch = 4};
  const auto one = sum_of(world, world.people(), clipping, 1);
  EXPECT_EQ(one, sum_of(world, world.people(), clipping, 2));
  EXPECT_EQ(one, sum_of(world, world.people(), clipping, 3));
}

TEST(ClippedSum, ASubjectChangesItByAtMostTheBound) {
  const World world;
  for (const Clipping::Rule rule : {Clipping::Rule::flat, Clipping::Rule::automatic}) {
    const Clipping clipping{.bound = 0.5, .rule = rule, .micro_batch = 4};
    const auto all = sum_of(world, world.people(), clipping);
    for (const std::int64_t person : world.people()) {
      auto others = world.people();
      others.erase(others.begin() + person);
      EXPECT_LE(length(all, sum_of(world, others, clipping)), 0.5 * (1 + 1e-5));
    }
  }
}

using Summed = std::function<std::vector<double>(const std::vector<std::int64_t>& subjects)>;

// The most that leaving one person out changes a sum.
double largest_change(const World& world, const Summed& sum) {
  double largest = 0;
  const auto all = sum(world.people());
  for (const std::int64_t person : world.people()) {
    auto others = world.people();
    others.erase(others.begin() + person);
    largest = std::max(largest, length(all, sum(others)));
  }
  return largest;
}

// One tape over all, whose factors come from somewhere; `loss` of all subjects together.
Summed summed_by(const World& world, std::int64_t windows, const std::function<at::Tensor(const Tape& tape)>& factors) {
  return [&world, windows, factors](const std::vector<std::int64_t>& subjects) {
    Tape tape(world.parameters.flat(), windows * static_cast<std::int64_t>(subjects.size()));
    const at::Tensor x = world.records(subjects).repeat_interleave(windows, 0);
    tape.backward(world.b(tape, world.a(tape, x).tanh()).square().sum());
    const at::Tensor sum = tape.weighted_sum(factors(tape)).to(at::kDouble);
    return std::vector<double>(sum.data_ptr<double>(), sum.data_ptr<double>() + sum.numel());
  };
}

at::Tensor right_factors(const Tape& tape) { return clip_factors(tape.squared_norms(), {.bound = 0.5}); }

TEST(ClippedSumMutants, TheGameFindsNothingWhereNothingIsWrong) {
  const World world;
  EXPECT_LE(largest_change(world, summed_by(world, 1, right_factors)), 0.5 * (1 + 1e-5));
}

TEST(ClippedSumMutants, WindowsClippedInsteadOfSubjects) {
  const World world;  // three equal windows a person, each clipped alone
  EXPECT_GT(largest_change(world, summed_by(world, 3, right_factors)), 1.4);
}

// One linear layer on records near zero: the gradient is in its bias. Norms of the weight alone, by a tape without it.
TEST(ClippedSumMutants, BiasesLeftOutOfTheNorm) {
  World world;
  world.x = world.x * 1e-3;
  const Parameter bias = *world.a.bias;
  const Summed sum = [&](const std::vector<std::int64_t>& subjects) {
    const at::Tensor x = world.records(subjects);
    Tape tape(world.parameters.flat(), x.size(0)), weights_alone(world.parameters.flat(), x.size(0));
    tape.backward(tape.linear(x, world.a.weight, bias).sum());
    weights_alone.backward(weights_alone.linear(x, world.a.weight, std::nullopt).sum());
    tape.squared_norms();
    const at::Tensor found = tape.weighted_sum(right_factors(weights_alone)).to(at::kDouble);
    return std::vector<double>(found.data_ptr<double>(), found.data_ptr<double>() + found.numel());
  };
  EXPECT_GT(largest_change(world, sum), 3);  // the square root of ten outputs
}

TEST(ClippedSumMutants, RightNormsAndAWrongSum) {
  const World world;  // the factors of a neighbour
  const auto shifted = [](const Tape& tape) { return right_factors(tape).roll(1); };
  EXPECT_GT(largest_change(world, summed_by(world, 1, shifted)), 0.6);
}

TEST(ClippedSumMutants, OneFactorForTheBatch) {
  const World world;  // everybody scaled by the norm of the mean: subjects are tied together
  const auto of_batch = [](const Tape& tape) { return right_factors(tape).mean().expand({tape.subjects()}).contiguous(); };
  EXPECT_GT(largest_change(world, summed_by(world, 1, of_batch)), 0.6);
}

TEST(ClippedSum, NobodyAddsNothing) {
  const World world;
  EXPECT_EQ(length(sum_of(world, {}, {})), 0);
  const auto one = sum_of(world, {3}, {.micro_batch = 1}), padded = sum_of(world, {3}, {.micro_batch = 16});
  EXPECT_LE(length(one, padded), 1e-6 * length(one));
}

TEST(ClippedSum, WhatIsNotFiniteAddsNothing) {
  World world;
  const auto without = sum_of(world, {0, 1, 2}, {.micro_batch = 4});
  world.x[5][2] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_LE(length(sum_of(world, {0, 1, 5, 2}, {.micro_batch = 4}), without), 1e-6);
}

TEST(ClippedSum, MeanGradientIsThatOfTheWholeBatch) {
  const World world;
  ShardPool pool(2);
  const at::Tensor found = mean_gradient(pool, world.parameters.flat(), world.people(), 5, world.loss());
  Tape tape = Tape::plain(world.parameters.flat());
  const auto people = world.people();
  tape.backward(world.loss()(tape, people) / kPeople);
  EXPECT_TRUE(at::allclose(found, tape.gradient(), 1e-4, 1e-6));
}

TEST(ClipFactors, ByHand) {
  const at::Tensor squares = at::tensor({4.0, 0.25, 0.0, std::nan("")}, at::kDouble);
  EXPECT_TRUE(clip_factors(squares, {.bound = 1}).equal(at::tensor({0.5F, 1.0F, 1.0F, 0.0F})));
  const at::Tensor automatic = clip_factors(squares, {.bound = 2, .rule = Clipping::Rule::automatic});
  EXPECT_TRUE(at::allclose(automatic, at::tensor({2 / 2.01F, 2 / 0.51F, 200.0F, 0.0F})));
}

}  // namespace
}  // namespace understudy::nn
