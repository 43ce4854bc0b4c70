// Work over rows, cut into fixed shards.
#pragma once

#include <cstdint>
#include <functional>

#include "understudy/cohort.h"
#include "understudy/context.h"

namespace understudy {

// Rows of a shard: a multiple of 64, so that two shards never share a word of a validity bitmap.
inline constexpr std::int64_t kShardRows = 4096;

// Calls task(shard, first, last) for rows [first, last) of every shard, on the context's threads. Reports progress as
// "sampling" in rows, stops when cancelled. The shards are the same with any number of threads.
void for_each_shard(std::int64_t rows, const Context& context,
                    const std::function<void(std::int64_t shard, std::int64_t first, std::int64_t last)>& task);

// ErrorKind::input when there is nobody, or nothing, to learn from; `generator` is named.
void check_learnable(const Cohort& cohort, std::string_view generator);
// ErrorKind::usage unless at least one subject is asked for.
void check_subjects(std::int64_t subjects);

}  // namespace understudy
