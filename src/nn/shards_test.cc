#include "nn/shards.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <stdexcept>

#include "nn/noise.h"
#include "testing/kind_of.h"
#include "testing/thread_ranks.h"

namespace understudy::nn {
namespace {

TEST(ShardPool, SameBytesWithAnyNumberOfThreads) {
  const auto gradient = [](std::int64_t shard) {
    Rng rng = Rng(5).stream("shard", static_cast<std::uint64_t>(shard));
    const at::Tensor x = normals(rng, 128, 64);
    return std::vector<at::Tensor>{at::matmul(x.t(), x), x.sum(0)};
  };
  ShardPool one(1), two(2), four(4);
  for (int batch = 0; batch < 20; ++batch) {
    const auto a = one.mean(7, gradient);
    const auto b = two.mean(7, gradient);
    const auto c = four.mean(7, gradient);
    EXPECT_TRUE(a[0].equal(b[0]) && a[1].equal(b[1]));
    EXPECT_TRUE(a[0].equal(c[0]) && a[1].equal(c[1]));
  }
}

TEST(ShardPool, MeanByHandAndErrorsComeThrough) {
  ShardPool pool(3);
  const auto mean = pool.mean(4, [](std::int64_t shard) {
    return std::vector<at::Tensor>{at::full({2}, static_cast<double>(shard))};
  });
  EXPECT_TRUE(mean[0].equal(at::full({2}, 1.5)));
  const auto broken = [](std::int64_t shard) -> std::vector<at::Tensor> {
    if (shard == 2) throw std::runtime_error("no");
    return {at::zeros({1})};
  };
  EXPECT_THROW(pool.mean(4, broken), std::runtime_error);
  EXPECT_EQ(pool.mean(1, [](std::int64_t) { return std::vector<at::Tensor>{at::ones({1})}; })[0].item<float>(), 1);
}

TEST(ShardPool, OverRanksTheMeanIsThatOfAllShards) {
  const auto gradient = [](std::int64_t shard) {
    Rng rng = Rng(5).stream("shard", static_cast<std::uint64_t>(shard));
    return std::vector<at::Tensor>{normals(rng, 3, 4).t(), normals(rng, 1, 1)};
  };
  ShardPool alone(1);
  const auto wanted = alone.mean(7, gradient);
  const auto wanted_of_two = alone.mean(2, gradient);
  std::vector<std::vector<at::Tensor>> found(3), few(3);  // few: a rank has no shard
  run_ranks(3, [&](Ranks& ranks) {
    ShardPool pool(1);
    found[static_cast<std::size_t>(ranks.rank())] = pool.mean(7, gradient, &ranks);
    few[static_cast<std::size_t>(ranks.rank())] = pool.mean(2, gradient, &ranks);
  });
  for (const auto& mean : found) {
    for (std::size_t i = 0; i < 2; ++i) {
      EXPECT_TRUE(at::allclose(mean[i], wanted[i], 1e-6, 1e-6));
      EXPECT_TRUE(mean[i].equal(found[0][i]));
    }
  }
  for (const auto& mean : few) {
    for (std::size_t i = 0; i < 2; ++i) EXPECT_TRUE(at::allclose(mean[i], wanted_of_two[i], 1e-6, 1e-6));
  }
}

TEST(Deal, EveryShardOnce) {
  for (const std::int64_t shards : {0, 1, 4, 7}) {
    std::vector<int> times(static_cast<std::size_t>(shards));
    for (std::int64_t rank = 0; rank < 3; ++rank) {
      const Deal deal{.rank = rank, .size = 3};
      for (std::int64_t i = 0; i < deal.count(shards); ++i) ++times.at(static_cast<std::size_t>(deal.shard(i)));
    }
    EXPECT_EQ(times, std::vector<int>(static_cast<std::size_t>(shards), 1));
  }
}

}  // namespace
}  // namespace understudy::nn
