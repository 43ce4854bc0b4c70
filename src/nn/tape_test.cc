#include "nn/tape.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "nn/noise.h"
#include "nn/testing_reference.h"
#include "testing/kind_of.h"
#include "understudy/error.h"

namespace understudy::nn {
namespace {

constexpr std::int64_t kSubjects = 9;

at::Tensor random(std::vector<std::int64_t> shape, std::uint64_t seed) {
  Rng rng(seed);
  std::int64_t size = 1;
  for (const std::int64_t extent : shape) size *= extent;
  return normals(rng, 1, size).view(shape);
}

// A layer, and random numbers for it.
struct Layer {
  Parameter weight;
  Parameter bias;
};

Layer layer(Parameters& parameters, const std::string& name, std::int64_t in, std::int64_t out) {
  return {parameters.add(name + ".weight", random({out, in}, 100 + static_cast<std::uint64_t>(in)) * 0.5),
          parameters.add(name + ".bias", random({out}, 200))};
}

TEST(Tape, LayersOfOneRow) {
  Parameters parameters;
  const Layer a = layer(parameters, "a", 5, 7), b = layer(parameters, "b", 7, 3);
  const at::Tensor x = random({kSubjects, 5}, 1);
  expect_as_reference(parameters.flat(), kSubjects, [&](Tape& tape, std::int64_t first, std::int64_t count) {
    const at::Tensor h = tape.linear(x.narrow(0, first, count), a.weight, a.bias).tanh();
    return tape.linear(h, b.weight, b.bias).square().sum();
  });
}

TEST(Tape, ManyRowsAndWindowsOfASubject) {
  for (const std::int64_t rows : {4, 200}) {  // the norms by gram, and of the gradients themselves
    Parameters parameters;
    const Layer a = layer(parameters, "a", 30, 40), b = layer(parameters, "b", 40, 1);
    const at::Tensor x = random({kSubjects * 2, rows, 30}, 1);
    expect_as_reference(parameters.flat(), kSubjects, [&](Tape& tape, std::int64_t first, std::int64_t count) {
      const at::Tensor h = at::relu(tape.linear(x.narrow(0, 2 * first, 2 * count), a.weight, a.bias));
      return tape.linear(h, b.weight, std::nullopt).square().sum();
    });
  }
}

// Gradients whose entries do not lie next to each other: one number for all, and transposed ones; inputs likewise.
TEST(Tape, RowsMayLieInAnyWay) {
  Parameters parameters;
  const Layer a = layer(parameters, "a", 5, 7);
  const at::Tensor x = random({kSubjects, 5, 4}, 1), weights = random({7, 4}, 2);
  const std::function<at::Tensor(const at::Tensor&)> losses[] = {
      [](const at::Tensor& y) { return y.sum(); },
      [&](const at::Tensor& y) { return (y.transpose(1, 2) * weights).sum(); },
      [&](const at::Tensor& y) { return at::matmul(weights, y).tanh().sum(); }};
  for (const auto& of_output : losses) {
    for (const bool is_one_row : {false, true}) {
      expect_as_reference(parameters.flat(), kSubjects, [&](Tape& tape, std::int64_t first, std::int64_t count) {
        const at::Tensor rows = is_one_row ? x.narrow(2, 0, 1).expand({-1, -1, 4}) : x;
        return of_output(tape.linear(rows.narrow(0, first, count).transpose(1, 2), a.weight, a.bias));
      });
    }
  }
}

TEST(Tape, AWeightThatIsUsedTwice) {
  Parameters parameters;
  const Layer a = layer(parameters, "a", 6, 6);
  const at::Tensor x = random({kSubjects, 3, 6}, 1);
  expect_as_reference(parameters.flat(), kSubjects, [&](Tape& tape, std::int64_t first, std::int64_t count) {
    const at::Tensor h = tape.linear(x.narrow(0, first, count), a.weight, a.bias).tanh();
    return tape.linear(h, a.weight, a.bias).square().sum();
  });
}

TEST(Tape, TablesScalesAndStates) {
  Parameters parameters;
  const Parameter table = parameters.add("table", random({11, 6}, 3));
  const Parameter scale = parameters.add("scale", random({6}, 4)), shift = parameters.add("shift", random({6}, 5));
  const Parameter places = parameters.add("places", random({8, 6}, 6));
  const at::Tensor ids = (random({kSubjects * 2, 8}, 7) * 3).abs().to(at::kLong).clamp_max(10);
  expect_as_reference(parameters.flat(), kSubjects, [&](Tape& tape, std::int64_t first, std::int64_t count) {
    const at::Tensor words = tape.embedding(ids.narrow(0, 2 * first, 2 * count), table);
    const at::Tensor h = (words + tape.each(places, 2 * count)).tanh();
    return tape.scale_shift(h, scale, shift).square().sum();
  });
}

TEST(Tape, ATableThatIsAlsoALayer) {
  Parameters parameters;
  const Parameter table = parameters.add("table", random({11, 6}, 3));
  const at::Tensor ids = (random({kSubjects, 8}, 7) * 3).abs().to(at::kLong).clamp_max(10);
  expect_as_reference(parameters.flat(), kSubjects, [&](Tape& tape, std::int64_t first, std::int64_t count) {
    const at::Tensor words = tape.embedding(ids.narrow(0, first, count), table).tanh();
    return tape.linear(words, table, std::nullopt).square().sum();
  });
}

TEST(Tape, WhatIsNotFiniteAddsNothing) {
  Parameters parameters;
  const Layer a = layer(parameters, "a", 5, 2);
  const Parameter scale = parameters.add("scale", at::ones({5})), shift = parameters.add("shift", at::zeros({5}));
  at::Tensor x = random({4, 5}, 1);
  x[2][3] = std::numeric_limits<float>::infinity();
  const auto sum = [&](const at::Tensor& batch) {
    Tape tape(parameters.flat(), batch.size(0));
    tape.backward(tape.linear(tape.scale_shift(batch, scale, shift), a.weight, a.bias).square().sum());
    return tape.weighted_sum(clip_factors(tape.squared_norms(), Clipping{}));
  };
  const at::Tensor others = at::cat({x.narrow(0, 0, 2), x.narrow(0, 3, 1)});
  EXPECT_LE((sum(x) - sum(others)).abs().max().item<float>(), 1e-6F);
}

TEST(Tape, AWeightWithAndWithoutItsBias) {
  Parameters parameters;
  const Layer a = layer(parameters, "a", 6, 6);
  const at::Tensor x = random({kSubjects, 3, 6}, 1);
  expect_as_reference(parameters.flat(), kSubjects, [&](Tape& tape, std::int64_t first, std::int64_t count) {
    const at::Tensor h = tape.linear(x.narrow(0, first, count), a.weight, a.bias).tanh();
    return (tape.linear(h, a.weight, std::nullopt) + tape.transposed(h, a.weight)).square().sum();
  });
}

TEST(Tape, AParameterKeepsToOneKindOfDoor) {
  Parameters parameters;
  const Layer a = layer(parameters, "a", 5, 5), b = layer(parameters, "b", 5, 5);
  Tape shared_bias(parameters.flat(), 2), lone_bias(parameters.flat(), 2);
  const at::Tensor x = random({2, 5}, 1);
  shared_bias.backward((shared_bias.linear(x, a.weight, a.bias) + shared_bias.linear(x, b.weight, a.bias)).sum());
  EXPECT_EQ(kind_of([&] { shared_bias.squared_norms(); }), ErrorKind::internal);
  lone_bias.backward((lone_bias.linear(x, a.weight, a.bias) + lone_bias.each(a.bias, 2)).sum());
  EXPECT_EQ(kind_of([&] { lone_bias.squared_norms(); }), ErrorKind::internal);
}

TEST(Tape, OneBiasForAWeight) {
  Parameters parameters;
  const Layer a = layer(parameters, "a", 5, 5), b = layer(parameters, "b", 5, 5);
  Tape tape(parameters.flat(), 2);
  const at::Tensor h = tape.linear(random({2, 5}, 1), a.weight, a.bias);
  EXPECT_EQ(kind_of([&] { tape.backward(tape.linear(h, a.weight, b.bias).sum()); }), ErrorKind::internal);
}

}  // namespace
}  // namespace understudy::nn
