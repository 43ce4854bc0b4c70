#include "nn/average.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "testing/kind_of.h"

namespace understudy::nn {
namespace {

at::Tensor row(float x) { return at::tensor({x, 10 * x}); }

void expect_value(const Average& average, double x) {
  EXPECT_TRUE(at::allclose(average.value(), row(static_cast<float>(x)))) << average.value();
}

TEST(Average, ExponentialByHand) {
  Average average(2, {.decay = 0.5});
  average.update(row(8));
  expect_value(average, 8);                                  // the first alone: no pull to 0
  average.update(row(2));
  expect_value(average, (0.5 * 8 + 2) / 1.5);
  average.update(row(-1));
  expect_value(average, (0.25 * 8 + 0.5 * 2 - 1) / 1.75);
}

TEST(Average, NoMemoryIsTheNewest) {
  Average average(2, {.decay = 0});
  for (const float x : {8.0F, 2.0F, 5.0F}) average.update(row(x));
  expect_value(average, 5);
}

TEST(Average, UniformTailByHand) {
  Average average(2, {.skip = 2});
  for (const float x : {100.0F, -70.0F}) {
    average.update(row(x));
    EXPECT_EQ(kind_of([&] { average.value(); }), ErrorKind::internal);
  }
  for (const float x : {1.0F, 2.0F, 6.0F}) average.update(row(x));
  expect_value(average, 3);
}

// With floats the increments (1 - decay) (p - mean) would vanish in rounding from 3e-4 of the mean on.
TEST(Average, SmallWeightsAreNotLost) {
  Average average(1, {.decay = 0.9999});
  average.update(at::tensor({1.0F}));
  for (int i = 0; i < 200000; ++i) average.update(at::tensor({1.0001F}));
  EXPECT_NEAR(average.value().item<float>(), 1.0001F, 1e-7);
}

// Strided rows go through tensor operations, as rows on a GPU do; dense ones through one pass.
TEST(Average, BothWaysAreTheSame) {
  Average one(2, {.decay = 0.9}), other(2, {.decay = 0.9});
  for (const float x : {1.0F, 5.0F, -2.0F}) {
    const at::Tensor strided = at::tensor({x, 0.0F, 10 * x, 0.0F}).view({2, 2}).select(1, 0);
    ASSERT_FALSE(strided.is_contiguous());
    one.update(row(x));
    other.update(strided);
  }
  EXPECT_TRUE(one.value().allclose(other.value()));
}

TEST(Average, ContinuesFromItsSavedState) {
  const AverageOptions options = {.decay = 0.9, .skip = 1};
  Average first(2, options), second(2, options), third(3, options);
  for (const float x : {50.0F, 5.0F, -2.0F}) first.update(row(x));
  TensorFile file;
  first.save(file, "average");
  second.restore(file, "average");
  first.update(row(3));
  second.update(row(3));
  EXPECT_TRUE(first.value().equal(second.value()));
  EXPECT_EQ(kind_of([&] { third.restore(file, "average"); }), ErrorKind::input);
  EXPECT_EQ(kind_of([&] { third.update(row(3)); }), ErrorKind::internal);
}

}  // namespace
}  // namespace understudy::nn
