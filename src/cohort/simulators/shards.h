// Fixed shards of people, so that a cohort is the same with any number of threads, and in parts.
#pragma once

#include <algorithm>

#include "understudy/context.h"
#include "understudy/error.h"
#include "understudy/simulator.h"

namespace understudy {

inline constexpr std::int64_t kShard = kSimulatedPart;  // people

// The shard in which person number `first` of all begins. ErrorKind::usage for a part that is none.
inline std::int64_t first_shard(std::int64_t subjects, std::int64_t first) {
  if (subjects < 1) fail(ErrorKind::usage, "subjects is {}; a simulated cohort needs at least 1", subjects);
  if (first < 0 || first % kShard != 0) fail(ErrorKind::usage, "a part starts at person {}; it must be a multiple of {}", first, kShard);
  return first / kShard;
}

// Runs work(shard, first, end) over the shards of `subjects` people.
template <class Work>
void for_shards(std::int64_t subjects, const Context& context, const Work& work) {
  parallel_for((subjects + kShard - 1) / kShard, context.threads, [&](std::int64_t shard) {
    context.check_cancelled();
    work(shard, shard * kShard, std::min((shard + 1) * kShard, subjects));
  });
}

}  // namespace understudy
