#include "understudy/ledger.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <thread>

#include "core/files.h"
#include "understudy/error.h"

namespace understudy {
namespace {

class LedgerFile : public testing::Test {
 protected:
  void SetUp() override {
    path_ = testing::TempDir() + "ledger_" + testing::UnitTest::GetInstance()->current_test_info()->name() + ".jsonl";
    std::filesystem::remove(path_);
  }
  void TearDown() override { std::filesystem::remove(path_); }
  void write(const std::string& text) { std::ofstream(path_) << text; }

  std::string path_;
};

Event look(const std::string& purpose) {
  return {.kind = "look", .part = "train", .purpose = purpose, .side = "inside"};
}

TEST_F(LedgerFile, KeepsEventsInOrder) {
  Ledger ledger(path_, [] { return std::string("2026-01-02T03:04:05Z"); });
  ledger.append(look("train gan"));
  ledger.append({.kind = "declassify",
                 .part = "train",
                 .purpose = "a \"quoted\" reason\nof two lines",
                 .side = "outside",
                 .epsilon = INFINITY,
                 .delta = 1e-6});
  const auto events = Ledger(path_).events();
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(events[0].kind, "look");
  EXPECT_EQ(events[0].purpose, "train gan");
  EXPECT_EQ(events[0].epsilon, 0);
  EXPECT_EQ(events[0].when, "2026-01-02T03:04:05Z");
  EXPECT_EQ(events[1].purpose, "a \"quoted\" reason\nof two lines");
  EXPECT_EQ(events[1].side, "outside");
  EXPECT_TRUE(std::isinf(events[1].epsilon));
  EXPECT_EQ(events[1].delta, 1e-6);
}

TEST_F(LedgerFile, LinesAreThoseOfTheFormatPage) {
  Ledger ledger(path_);
  ledger.append(look("x"));
  EXPECT_EQ(
      read_text(path_),
      "{\"kind\":\"look\",\"part\":\"train\",\"purpose\":\"x\",\"side\":\"inside\",\"epsilon\":0.0,\"delta\":0.0}\n");
}

TEST_F(LedgerFile, BeginsEmptyAndIsOnlyTheOwners) {
  Ledger ledger(path_);
  EXPECT_TRUE(ledger.events().empty());
  EXPECT_FALSE(std::filesystem::exists(path_));
  ledger.append(look("x"));
  struct stat info {};
  ASSERT_EQ(stat(path_.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 077, 0u);
}

TEST_F(LedgerFile, BrokenLinesAreRefusedByNumber) {
  const std::string good =
      "{\"kind\":\"look\",\"part\":\"all\",\"purpose\":\"x\",\"side\":\"inside\",\"epsilon\":0.0,\"delta\":0.0}\n";
  for (const std::string bad : {"not json\n", "{\"kind\":\"look\"}\n", "{\"kind\":\"lo", "\n", "[1, 2]\n"}) {
    write(good + bad);
    try {
      Ledger ledger(path_);
      ADD_FAILURE() << bad;
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::input);
      EXPECT_NE(std::string(error.what()).find("line 2"), std::string::npos) << error.what();
    }
  }
}

TEST_F(LedgerFile, ACutLastLineIsNotContinued) {
  Ledger(path_).append({.kind = "look", .part = "all", .purpose = "one", .side = "inside"});
  std::filesystem::resize_file(path_, std::filesystem::file_size(path_) - 1);
  EXPECT_THROW(Ledger(path_).append({.kind = "look", .part = "all", .purpose = "two", .side = "inside"}), Error);
  EXPECT_EQ(Ledger(path_).events().size(), 1u);
}

TEST_F(LedgerFile, MakesItsFolder) {
  std::filesystem::remove_all(path_ + ".folder");
  const std::string path = path_ + ".folder/deeper/ledger.jsonl";
  Ledger(path).append({.kind = "look", .part = "all", .purpose = "bad \xff byte", .side = "inside"});
  EXPECT_EQ(Ledger(path).events().size(), 1u);
}

TEST_F(LedgerFile, AppendToAnImpossiblePlaceIsRefused) {
  try {
    Ledger("/proc/none/ledger.jsonl").append(look("x"));
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::input);
    EXPECT_NE(std::string(error.what()).find("ledger"), std::string::npos);
  }
}

// /dev/full takes no byte.
TEST_F(LedgerFile, AFullDiskIsRefused) {
  if (!std::filesystem::exists("/dev/full")) GTEST_SKIP() << "needs /dev/full";
  Ledger ledger(path_);
  std::filesystem::create_symlink("/dev/full", path_);
  try {
    ledger.append(look("x"));
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::input);
    EXPECT_NE(std::string(error.what()).find("No space left"), std::string::npos) << error.what();
  }
}

TEST_F(LedgerFile, ThreadsDoNotTearLines) {
  Ledger ledger(path_);
  {
    std::vector<std::jthread> writers;
    for (int t = 0; t < 4; ++t) {
      writers.emplace_back([&] {
        for (int i = 0; i < 25; ++i) ledger.append(look(std::string(500, 'x')));
      });
    }
  }
  EXPECT_EQ(ledger.events().size(), 100u);
}

TEST_F(LedgerFile, ProcessesDoNotTearLines) {
  std::vector<pid_t> children;
  for (int p = 0; p < 3; ++p) {
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      Ledger ledger(path_);
      for (int i = 0; i < 25; ++i) ledger.append(look(std::string(500, 'y')));
      _exit(0);
    }
    children.push_back(child);
  }
  for (const pid_t child : children) {
    int status = 1;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
  }
  EXPECT_EQ(Ledger(path_).events().size(), 75u);
}

TEST(EpsilonSpent, IsTheSumAndInfiniteOnceDeclassified) {
  EXPECT_EQ(epsilon_spent({}), 0);
  std::vector<Event> events(3);
  events[0].epsilon = 0.5;
  events[2].epsilon = 1.25;
  EXPECT_EQ(epsilon_spent(events), 1.75);
  events[1].epsilon = INFINITY;
  EXPECT_TRUE(std::isinf(epsilon_spent(events)));
}

}  // namespace
}  // namespace understudy
