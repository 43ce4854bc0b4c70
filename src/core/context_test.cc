#include "understudy/context.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "understudy/error.h"

namespace understudy {
namespace {

TEST(ParallelFor, RunsEachTaskOnce) {
  for (const int threads : {-1, 0, 1, 2, 9}) {
    std::vector<int> runs(1000, 0);
    parallel_for(1000, threads, [&](std::int64_t i) { ++runs[static_cast<std::size_t>(i)]; });
    EXPECT_EQ(runs, std::vector<int>(1000, 1)) << threads;
  }
}

TEST(ParallelFor, NothingToDoIsDone) {
  parallel_for(0, 4, [](std::int64_t) { FAIL(); });
}

TEST(ParallelFor, KeepsToItsThreads) {
  std::atomic<int> now{0}, most{0};
  parallel_for(50, 3, [&](std::int64_t) {
    const int mine = ++now;
    for (int seen = most; mine > seen && !most.compare_exchange_weak(seen, mine);) {
    }
    std::this_thread::yield();
    --now;
  });
  EXPECT_LE(most, 3);
  EXPECT_GE(most, 1);
}

TEST(ParallelFor, RethrowsAndStopsTakingTasks) {
  for (const int threads : {1, 4}) {
    std::atomic<int> done{0};
    const auto work = [&](std::int64_t i) {
      if (i == 5) throw std::runtime_error("task five");
      ++done;
    };
    try {
      parallel_for(1'000'000, threads, work);
      FAIL();
    } catch (const std::runtime_error& error) {
      EXPECT_STREQ(error.what(), "task five");
    }
    EXPECT_LT(done, 1'000'000);
  }
}

TEST(Context, ReportsWhereThereIsASink) {
  Context context;
  context.report({"training", "steps", 1, 2});  // no sink: nothing happens
  context.warning("x");
  std::vector<std::int64_t> done;
  std::string warned;
  context.progress = [&](const Progress& p) { done.push_back(p.done); };
  context.warn = [&](std::string_view text) { warned = text; };
  context.report({"training", "steps", 1, 2});
  context.warning("too few rows");
  EXPECT_EQ(done, std::vector<std::int64_t>{1});
  EXPECT_EQ(warned, "too few rows");
}

TEST(Context, StopsOnRequest) {
  Context context;
  EXPECT_NO_THROW(context.check_cancelled());
  std::atomic<bool> stop{false};
  context.cancelled = &stop;
  EXPECT_NO_THROW(context.check_cancelled());
  stop = true;
  try {
    context.check_cancelled();
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::cancelled);
  }
}

TEST(Context, RngIsThatOfItsSeedAndPurpose) {
  Context a, b;
  a.seed = b.seed = 9;
  b.threads = 8;
  EXPECT_EQ(a.rng("fit", 2).next(), b.rng("fit", 2).next());
  EXPECT_NE(a.rng("fit", 2).next(), a.rng("fit", 3).next());
  EXPECT_NE(a.rng("fit").next(), a.rng("sample").next());
}

}  // namespace
}  // namespace understudy
