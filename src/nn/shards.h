// A batch in fixed shards: each shard's gradient on one thread, the sum in the order of the shards. The bits of the
// result do not depend on the number of threads.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <functional>
#include <vector>

namespace understudy::nn {

// Mean over the shards of what `gradient(shard)` returns (a list of tensors, the same shapes for every shard).
std::vector<at::Tensor> mean_over_shards(std::int64_t shards, int threads,
                                         const std::function<std::vector<at::Tensor>(std::int64_t)>& gradient);

}  // namespace understudy::nn
