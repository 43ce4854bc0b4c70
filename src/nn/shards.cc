#include "nn/shards.h"

#include <ATen/ATen.h>

#include "nn/serial.h"
#include "understudy/context.h"

namespace understudy::nn {

std::vector<at::Tensor> mean_over_shards(std::int64_t shards, int threads,
                                         const std::function<std::vector<at::Tensor>(std::int64_t)>& gradient) {
  std::vector<std::vector<at::Tensor>> parts(static_cast<std::size_t>(shards));
  parallel_for(shards, threads, [&](std::int64_t shard) {
    use_one_thread();
    parts[static_cast<std::size_t>(shard)] = gradient(shard);
  });
  std::vector<at::Tensor> result = parts.front();
  for (std::size_t i = 0; i < result.size(); ++i) {
    for (std::size_t shard = 1; shard < parts.size(); ++shard) result[i].add_(parts[shard][i]);
    result[i].div_(static_cast<double>(shards));
  }
  return result;
}

}  // namespace understudy::nn
