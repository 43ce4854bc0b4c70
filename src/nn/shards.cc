#include "nn/shards.h"

#include <ATen/ATen.h>

#include "nn/serial.h"

namespace understudy::nn {

ShardPool::ShardPool(int threads) {
  for (int i = 1; i < threads; ++i) threads_.emplace_back([this] { wait_for_work(); });
}

ShardPool::~ShardPool() {
  {
    const std::lock_guard lock(guard_);
    closing_ = true;
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void ShardPool::wait_for_work() {
  use_one_thread();
  std::unique_lock lock(guard_);
  while (true) {
    changed_.wait(lock, [this] { return closing_ || next_ < parts_.size(); });
    if (closing_) return;
    work(lock);
  }
}

// Takes shards until none is left. Holds the lock except while a gradient is computed.
void ShardPool::work(std::unique_lock<std::mutex>& lock) {
  while (next_ < parts_.size()) {
    const std::size_t shard = next_++;
    lock.unlock();
    std::vector<at::Tensor> part;
    std::exception_ptr error;
    try {
      part = (*gradient_)(static_cast<std::int64_t>(shard));
    } catch (...) {
      error = std::current_exception();
    }
    lock.lock();
    parts_[shard] = std::move(part);
    if (error && !error_) error_ = error;
    if (++done_ == parts_.size()) changed_.notify_all();
  }
}

std::vector<at::Tensor> ShardPool::mean(std::int64_t shards, const ShardGradient& gradient) {
  use_one_thread();
  std::unique_lock lock(guard_);
  gradient_ = &gradient;
  parts_.assign(static_cast<std::size_t>(shards), {});
  next_ = done_ = 0;
  error_ = nullptr;
  changed_.notify_all();
  work(lock);
  changed_.wait(lock, [this] { return done_ == parts_.size(); });
  const auto parts = std::exchange(parts_, {});
  if (error_) std::rethrow_exception(error_);
  std::vector<at::Tensor> result = parts.front();
  for (std::size_t i = 0; i < result.size(); ++i) {
    for (std::size_t shard = 1; shard < parts.size(); ++shard) result[i].add_(parts[shard][i]);
    result[i].div_(static_cast<double>(shards));
  }
  return result;
}

}  // namespace understudy::nn
