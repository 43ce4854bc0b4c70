#include "understudy/context.h"

#include <algorithm>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

#include "understudy/error.h"

namespace understudy {

void Context::check_cancelled() const {
  if (stop_requested()) fail(ErrorKind::cancelled, "stopped on request");
}

void parallel_for(std::int64_t count, int threads, const std::function<void(std::int64_t)>& task) {
  const auto workers = std::min<std::int64_t>(count, std::max(threads, 1));
  if (workers <= 1) {
    for (std::int64_t i = 0; i < count; ++i) task(i);
    return;
  }
  std::atomic<std::int64_t> next{0};
  std::exception_ptr error;
  std::mutex guard;
  const auto work = [&] {
    for (std::int64_t i = next++; i < count; i = next++) {
      try {
        task(i);
      } catch (...) {
        const std::lock_guard lock(guard);
        if (!error) error = std::current_exception();
        next = count;
      }
    }
  };
  {
    std::vector<std::jthread> pool;
    for (std::int64_t i = 1; i < workers; ++i) pool.emplace_back(work);
    work();
  }
  if (error) std::rethrow_exception(error);
}

}  // namespace understudy
