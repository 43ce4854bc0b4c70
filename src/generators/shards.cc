#include "generators/shards.h"

#include <algorithm>
#include <mutex>

#include "understudy/error.h"

namespace understudy {

void for_each_shard(std::int64_t rows, const Context& context,
                    const std::function<void(std::int64_t, std::int64_t, std::int64_t)>& task) {
  std::mutex guard;
  std::int64_t done = 0;
  parallel_for((rows + kShardRows - 1) / kShardRows, context.threads, [&](std::int64_t shard) {
    context.check_cancelled();
    const std::int64_t first = shard * kShardRows;
    const std::int64_t last = std::min(rows, first + kShardRows);
    task(shard, first, last);
    const std::lock_guard lock(guard);
    done += last - first;
    context.report({.stage = "sampling", .unit = "rows", .done = done, .total = rows});
  });
}

void check_learnable(const Cohort& cohort, std::string_view generator) {
  if (cohort.size() == 0) {
    fail(ErrorKind::input, "{}: the training part has no subject; it needs at least one", generator);
  }
  if (cohort.schema.columns.empty()) {
    fail(ErrorKind::input, "{}: the schema has no column; it needs at least one", generator);
  }
}

void check_subjects(std::int64_t subjects) {
  if (subjects < 1) fail(ErrorKind::usage, "{} subjects asked for; it must be at least 1", subjects);
}

}  // namespace understudy
