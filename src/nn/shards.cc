#include "nn/shards.h"

#include <ATen/ATen.h>

#include "nn/row.h"
#include "nn/serial.h"
#include "understudy/error.h"
#include "understudy/ranks.h"

namespace understudy::nn {

Deal deal(const Ranks* ranks) {
  return ranks == nullptr ? Deal{} : Deal{.rank = ranks->rank(), .size = ranks->size()};
}

void add_up(const at::Tensor& sum, Ranks* ranks) {
  if (ranks == nullptr) return;
  const at::Tensor here = sum.cpu().contiguous();
  ranks->add_up(row<float>(here));
  if (!here.is_same(sum)) sum.copy_(here);
}

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
    changed_.wait(lock, [this] { return closing_ || next_ < shards_; });
    if (closing_) return;
    work(lock);
  }
}

std::vector<at::Tensor> ShardPool::computed(std::int64_t shard, std::unique_lock<std::mutex>& lock) {
  std::vector<at::Tensor> result;
  std::exception_ptr error;
  lock.unlock();
  try {
    result = (*compute_)(shard);
  } catch (...) {
    error = std::current_exception();
  }
  lock.lock();
  if (error && !error_) error_ = error;
  return result;
}

// Takes shards until none is left. Holds the lock except while a shard is computed or its result is taken; the latter is
// one thread's turn at a time.
void ShardPool::work(std::unique_lock<std::mutex>& lock) {
  while (next_ < shards_) {
    const std::int64_t shard = next_++;
    std::vector<at::Tensor> result = computed(shard, lock);
    changed_.wait(lock, [&] { return taken_ == shard; });
    if (!error_) {
      lock.unlock();
      std::exception_ptr error;
      try {
        (*take_)(std::move(result));
      } catch (...) {
        error = std::current_exception();
      }
      lock.lock();
      if (error) error_ = error;
    }
    ++taken_;
    changed_.notify_all();
  }
}

void ShardPool::in_order(std::int64_t shards, const Compute& compute, const Take& take) {
  use_one_thread();
  std::unique_lock lock(guard_);
  compute_ = &compute;
  take_ = &take;
  next_ = taken_ = 0;
  error_ = nullptr;
  shards_ = shards;
  changed_.notify_all();
  work(lock);
  changed_.wait(lock, [this] { return taken_ == shards_; });
  shards_ = 0;
  next_ = 0;
  if (error_) std::rethrow_exception(std::exchange(error_, nullptr));
}

std::vector<at::Tensor> ShardPool::mean(std::int64_t shards, const Compute& gradient, Ranks* ranks) {
  const Deal own = deal(ranks);
  const bool has_one = own.count(shards) > 0;
  std::vector<at::Tensor> result;
  // A rank without a shard computes the first for its shapes, and adds nothing.
  const auto own_gradient = [&](std::int64_t number) { return gradient(has_one ? own.shard(number) : 0); };
  in_order(has_one ? own.count(shards) : 1, own_gradient, [&](std::vector<at::Tensor> part) {
    if (result.empty()) {
      result = std::move(part);
    } else {
      for (std::size_t i = 0; i < result.size(); ++i) result[i].add_(part[i]);
    }
  });
  for (at::Tensor& sum : result) {
    if (!has_one) sum.zero_();
    add_up(sum, ranks);
    sum.div_(static_cast<double>(shards));
  }
  return result;
}

}  // namespace understudy::nn
