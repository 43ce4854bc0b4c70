// Fixed shards of people, so that a cohort is the same with any number of threads.
#pragma once

#include <algorithm>

#include "understudy/context.h"

namespace understudy {

inline constexpr std::int64_t kShard = 1024;  // people

// Runs work(shard, first, end) over the shards of `subjects` people.
template <class Work>
void for_shards(std::int64_t subjects, const Context& context, const Work& work) {
  parallel_for((subjects + kShard - 1) / kShard, context.threads, [&](std::int64_t shard) {
    context.check_cancelled();
    work(shard, shard * kShard, std::min((shard + 1) * kShard, subjects));
  });
}

}  // namespace understudy
