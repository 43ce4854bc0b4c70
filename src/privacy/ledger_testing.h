// What the tests of the ledger share: a path that is empty at the start, small plans, a limit.
#pragma once

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <vector>

#include "core/files.h"
#include "understudy/error.h"
#include "understudy/ledger.h"

namespace understudy {

class LedgerTest : public testing::Test {
 protected:
  void SetUp() override {
    path_ = testing::TempDir() + "ledger_" + testing::UnitTest::GetInstance()->current_test_info()->name() + ".jsonl";
    std::filesystem::remove_all(path_);
  }
  void TearDown() override { std::filesystem::remove_all(path_); }

  std::string text() const { return read_text(path_); }
  // A new file: rewriting one makes some file systems wait for the disk.
  void write(const std::string& text) const {
    std::filesystem::remove(path_);
    std::ofstream(path_, std::ios::binary) << text;
  }
  std::vector<std::string> lines() const {
    std::vector<std::string> result;
    std::ifstream file(path_);
    for (std::string line; std::getline(file, line);) result.push_back(line + "\n");
    return result;
  }

  std::string path_;
};

inline Event look(const std::string& purpose) {
  return {.kind = "look", .part = "train", .purpose = purpose, .side = "inside"};
}

inline Event declassification() {
  return {.kind = "declassify", .part = "train", .purpose = "made-up people", .side = "outside",
          .epsilon = std::numeric_limits<double>::infinity()};
}

// Costs mu = 1 / noise for an added or removed person.
inline Plan plan(double noise, const std::string& purpose = "count people") {
  return {.purpose = purpose, .events = {{.what = "number of people", .kind = EventKind::gaussian, .noise = noise}}};
}

inline Limit small_limit() { return {.epsilon = 3, .delta = 1e-6}; }

// The noise with which `parts` equal plans take all that the limit allows.
inline double noise_for(const Limit& limit, int parts) { return std::sqrt(parts) / allowed(limit).mu; }

// The message of the error that a call throws.
template <class F>
std::string message_of(F&& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.what();
  }
  ADD_FAILURE() << "nothing was thrown";
  return "";
}

// Runs `task` in processes of their own and waits for all; a task that throws or fails an assertion fails the test.
template <class F>
void in_processes(int count, F&& task) {
  std::vector<pid_t> children;
  for (int p = 0; p < count; ++p) {
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      try {
        task(p);
      } catch (const std::exception& error) {
        fprintf(stderr, "process %d: %s\n", p, error.what());
        _exit(1);
      }
      _exit(testing::Test::HasFailure() ? 1 : 0);
    }
    children.push_back(child);
  }
  for (const pid_t child : children) {
    int status = 1;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
  }
}

}  // namespace understudy
