#include "nn/store.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "understudy/error.h"
#include "understudy/random.h"

namespace understudy::nn {
namespace {

TEST(Store, NetworksComeBackByTheirShapes) {
  Rng rng(7);
  const Mlp mlp({3, 5, 4, 2}, rng);
  TensorFile file;
  put(file, "net", mlp);
  const Mlp back = take_mlp(file, "net");
  EXPECT_EQ(back.widths(), mlp.widths());
  EXPECT_TRUE(back.flat().equal(mlp.flat()));
  file.put("net.1.bias", {5}, std::vector<float>(5));
  EXPECT_THROW(take_mlp(file, "net"), Error);
  EXPECT_THROW(take_mlp(file, "other"), Error);
}

TEST(Store, KeepsDoublesAndRefusesOtherShapes) {
  TensorFile file;
  const at::Tensor values = at::tensor({1.0, 2.0, 1e-300}, at::kDouble);
  put(file, "x", values);
  EXPECT_TRUE(take(file, "x").equal(values));
  EXPECT_THROW(take_into(file, "x", at::zeros({3})), Error);
  EXPECT_THROW(take_into(file, "x", at::zeros({2}, at::kDouble)), Error);
  file.put("words", {1}, std::vector<std::int64_t>{1});
  EXPECT_THROW(take(file, "words"), Error);
}

TEST(Store, Counts) {
  TensorFile file;
  put_count(file, "steps", 41);
  EXPECT_EQ(take_count(file, "steps"), 41);
  file.put("negative", {1}, std::vector<std::int64_t>{-1});
  file.put("two", {2}, std::vector<std::int64_t>{1, 2});
  put(file, "real", at::ones({1}));
  for (const char* name : {"negative", "two", "real", "absent"}) EXPECT_THROW(take_count(file, name), Error) << name;
}

}  // namespace
}  // namespace understudy::nn
