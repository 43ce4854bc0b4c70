// What a long call gets from its caller: a seed, a number of threads, a place for progress, and a way to be stopped.
//
// The library never prints and never reads the clock for decisions: progress goes to the sink, if there is one.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "understudy/random.h"

namespace understudy {

class Ranks;

// One report of progress: `done` of `total` units of `stage` ("training", "sampling"). total = 0: not known.
struct Progress {
  std::string_view stage;
  std::string_view unit;
  std::int64_t done = 0;
  std::int64_t total = 0;
};

struct Context {
  std::uint64_t seed = 0;
  int threads = 1;
  std::function<void(const Progress&)> progress;           // may be empty; called from one thread at a time
  std::function<void(std::string_view)> warn;              // may be empty; one finished sentence
  std::function<std::string()> clock;                      // UTC time as text for ledgers; empty: events carry none
  const std::atomic<bool>* cancelled = nullptr;            // set by Ctrl-C
  Ranks* ranks = nullptr;                                  // other processes of the same training; none: alone

  Rng rng(std::string_view purpose, std::uint64_t index = 0) const { return Rng(seed).stream(purpose, index); }
  void report(const Progress& p) const { if (progress) progress(p); }
  void warning(std::string_view text) const { if (warn) warn(text); }
  bool stop_requested() const { return cancelled != nullptr && cancelled->load(); }
  void check_cancelled() const;                            // throws ErrorKind::cancelled
};

// Where a long training keeps its state. It holds weights and statistics of raw records: it stays inside.
struct Checkpoint {
  std::string path;             // empty: none is kept; what a private session returned is kept beside it, PATH.bought
  double every_seconds = 30;
};

// Runs task(0) ... task(count - 1) on at most `threads` threads. Tasks are taken in order; results must not depend
// on which thread runs them (give each its own Rng stream and its own output). The first exception is rethrown.
void parallel_for(std::int64_t count, int threads, const std::function<void(std::int64_t)>& task);

}  // namespace understudy
