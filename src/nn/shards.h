// A batch in fixed shards: each shard's work on one thread, the results taken in the order of the shards. The bits of
// the outcome do not depend on the number of threads.
#pragma once

#include <ATen/core/Tensor.h>

#include <condition_variable>
#include <cstdint>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace understudy {
class Ranks;
}

namespace understudy::nn {

// The shards that are this rank's: every size-th; all of them without ranks.
struct Deal {
  std::int64_t rank = 0;
  std::int64_t size = 1;
  std::int64_t count(std::int64_t shards) const { return (shards + size - 1 - rank) / size; }
  std::int64_t shard(std::int64_t number) const { return rank + number * size; }
};
Deal deal(const Ranks* ranks);
// The sum over the ranks, in place: floats, the same shape at each. Does nothing without ranks.
void add_up(const at::Tensor& sum, Ranks* ranks);

// Threads that wait for the next batch, because a step is too short to start threads for it. Used by one thread at a
// time.
class ShardPool {
 public:
  using Compute = std::function<std::vector<at::Tensor>(std::int64_t shard)>;
  using Take = std::function<void(std::vector<at::Tensor> result)>;

  explicit ShardPool(int threads);
  ~ShardPool();
  ShardPool(const ShardPool&) = delete;
  ShardPool& operator=(const ShardPool&) = delete;

  // take(compute(0)), take(compute(1)), ...: computed side by side, taken one after the other. At most as many results
  // as there are threads are held at a time. The first exception is rethrown; nothing is taken after it.
  void in_order(std::int64_t shards, const Compute& compute, const Take& take);

  // Mean over the shards of what `gradient(shard)` returns: a list of tensors, the same shapes for every shard. Over ranks
  // each computes its deal, and the mean is the same at all.
  std::vector<at::Tensor> mean(std::int64_t shards, const Compute& gradient, Ranks* ranks = nullptr);

 private:
  void wait_for_work();
  void work(std::unique_lock<std::mutex>& lock);
  std::vector<at::Tensor> computed(std::int64_t shard, std::unique_lock<std::mutex>& lock);

  std::mutex guard_;
  std::condition_variable changed_;
  const Compute* compute_ = nullptr;                   // what follows is under guard_
  const Take* take_ = nullptr;
  std::int64_t shards_ = 0, next_ = 0, taken_ = 0;
  std::exception_ptr error_;
  bool closing_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace understudy::nn
