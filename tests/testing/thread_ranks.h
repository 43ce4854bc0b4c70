// Ranks that are threads of one process, for tests of what is built on Ranks.
#pragma once

#include <barrier>
#include <exception>
#include <functional>
#include <thread>
#include <vector>

#include "understudy/ranks.h"

namespace understudy {

class ThreadRanks final : public Ranks {
 public:
  struct Meeting {
    explicit Meeting(int size) : all(size), values(static_cast<std::size_t>(size)) {}
    std::barrier<> all;
    std::vector<std::vector<float>> values;
    std::string bytes;
  };
  ThreadRanks(Meeting& meeting, int rank) : meeting_(meeting), rank_(rank) {}
  int rank() const override { return rank_; }
  int size() const override { return static_cast<int>(meeting_.values.size()); }

  void add_up(std::span<float> values) override {
    meeting_.values[static_cast<std::size_t>(rank_)].assign(values.begin(), values.end());
    meeting_.all.arrive_and_wait();
    for (std::size_t i = 0; i < values.size(); ++i) {
      values[i] = 0;
      for (const auto& part : meeting_.values) values[i] += part[i];
    }
    meeting_.all.arrive_and_wait();
  }
  void share(std::string& bytes) override {
    if (rank_ == 0) meeting_.bytes = bytes;
    meeting_.all.arrive_and_wait();
    bytes = meeting_.bytes;
    meeting_.all.arrive_and_wait();
  }

 private:
  Meeting& meeting_;
  int rank_;
};

// Calls work at every rank, side by side. The exception of the first rank that has one is rethrown; all must end alike.
inline void run_ranks(int size, const std::function<void(Ranks& ranks)>& work) {
  ThreadRanks::Meeting meeting(size);
  std::vector<std::exception_ptr> errors(static_cast<std::size_t>(size));
  std::vector<std::thread> threads;
  for (int rank = 0; rank < size; ++rank) {
    threads.emplace_back([&, rank] {
      try {
        ThreadRanks ranks(meeting, rank);
        work(ranks);
      } catch (...) {
        errors[static_cast<std::size_t>(rank)] = std::current_exception();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const auto& error : errors) {
    if (error) std::rethrow_exception(error);
  }
}

}  // namespace understudy
