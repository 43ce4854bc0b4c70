// A batch in fixed shards: each shard's gradient on one thread, the sum in the order of the shards. The bits of the
// result do not depend on the number of threads.
#pragma once

#include <ATen/core/Tensor.h>

#include <condition_variable>
#include <cstdint>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace understudy::nn {

using ShardGradient = std::function<std::vector<at::Tensor>(std::int64_t shard)>;

// Threads that wait for the next batch, because a step is too short to start threads for it. Used by one thread at a
// time.
class ShardPool {
 public:
  explicit ShardPool(int threads);
  ~ShardPool();
  ShardPool(const ShardPool&) = delete;
  ShardPool& operator=(const ShardPool&) = delete;

  // Mean over the shards of what `gradient(shard)` returns (a list of tensors, the same shapes for every shard). The
  // first exception is rethrown.
  std::vector<at::Tensor> mean(std::int64_t shards, const ShardGradient& gradient);

 private:
  void wait_for_work();
  void work(std::unique_lock<std::mutex>& lock);

  std::mutex guard_;
  std::condition_variable changed_;
  const ShardGradient* gradient_ = nullptr;            // what follows is under guard_
  std::vector<std::vector<at::Tensor>> parts_;
  std::size_t next_ = 0, done_ = 0;
  std::exception_ptr error_;
  bool closing_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace understudy::nn
