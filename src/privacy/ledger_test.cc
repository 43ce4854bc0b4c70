#include "understudy/ledger.h"

#include <sys/resource.h>
#include <sys/stat.h>

#include <chrono>
#include <cmath>
#include <csignal>
#include <nlohmann/json.hpp>
#include <thread>

#include "privacy/ledger_line.h"
#include "privacy/ledger_testing.h"
#include "testing/kind_of.h"

namespace understudy {
namespace {

TEST_F(LedgerTest, KeepsEventsInOrder) {
  Ledger ledger(path_, [] { return std::string("2026-01-02T03:04:05Z"); });
  ledger.append(look("train gan"));
  Event leaving = declassification();
  leaving.purpose = "a \"quoted\" reason\nof two lines, with ,\"chain\":\" in it";
  ledger.append(leaving);
  const auto events = Ledger(path_).events();
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(events[0].kind, "look");
  EXPECT_EQ(events[0].purpose, "train gan");
  EXPECT_EQ(events[0].epsilon, 0);
  EXPECT_EQ(events[0].when, "2026-01-02T03:04:05Z");
  EXPECT_EQ(events[1].purpose, leaving.purpose);
  EXPECT_EQ(events[1].side, "outside");
  EXPECT_TRUE(std::isinf(events[1].epsilon));
}

// The format page says how a line is hashed; here once more, step by step.
TEST_F(LedgerTest, LinesAreThoseOfTheFormatPage) {
  Ledger ledger(path_);
  ledger.append(look("x"));
  const auto all = lines();
  ASSERT_EQ(all.size(), 2u);
  const auto header = nlohmann::json::parse(all[0]);
  EXPECT_EQ(header["kind"], "ledger");
  EXPECT_EQ(header["version"], 2);
  EXPECT_EQ(header["salt"].get<std::string>().size(), 64u);
  const auto hash = [](const std::string& text) {
    return sha256(text);
  };
  const std::string first = hash(all[0].substr(0, all[0].rfind(",\"chain\":")));
  EXPECT_EQ(header["chain"], first);
  const std::string body = R"({"kind":"look","part":"train","purpose":"x","side":"inside","epsilon":0.0,"delta":0.0)";
  EXPECT_EQ(all[1], body + ",\"chain\":\"" + hash(first + body) + "\"}\n");
  EXPECT_EQ(ledger.head().length, 2);
  EXPECT_EQ(ledger.head().hash, hash(first + body));
}

TEST_F(LedgerTest, EveryLedgerHasASaltOfItsOwn) {
  Ledger(path_).append(look("x"));
  const std::string hash = Ledger(path_).head().hash;
  std::filesystem::remove(path_);
  Ledger(path_).append(look("x"));
  EXPECT_NE(Ledger(path_).head().hash, hash);
}

TEST_F(LedgerTest, BeginsEmptyAndIsOnlyTheOwners) {
  Ledger ledger(path_);
  EXPECT_TRUE(ledger.events().empty());
  EXPECT_EQ(ledger.head().length, 0);
  EXPECT_TRUE(ledger.extends({}));
  EXPECT_FALSE(std::filesystem::exists(path_));
  ledger.append(look("x"));
  struct stat info {};
  ASSERT_EQ(stat(path_.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 077, 0u);
}

TEST_F(LedgerTest, AFileThatWasMadeButNotWrittenIsAnEmptyLedger) {
  write("");
  Ledger ledger(path_);
  EXPECT_TRUE(ledger.events().empty());
  ledger.append(look("x"));
  EXPECT_EQ(Ledger(path_).events().size(), 1u);
}

TEST_F(LedgerTest, MakesItsFolder) {
  const std::string path = path_ + "/deeper/ledger.jsonl";
  Ledger(path).append({.kind = "look", .part = "all", .purpose = "bad \xff byte", .side = "inside"});
  EXPECT_EQ(Ledger(path).events().size(), 1u);
}

TEST_F(LedgerTest, NothingIsChargedOrLeavesByAppend) {
  Ledger ledger(path_);
  const Event loose[] = {{.kind = "plan", .side = "outside"}, {.kind = "limit", .side = "inside"},
                         {.kind = "look", .side = "outside"}, {.kind = "other", .side = "inside"},
                         {.kind = "look", .side = "inside", .epsilon = 1}};
  for (const Event& event : loose) {
    EXPECT_EQ(kind_of([&] { ledger.append(event); }), ErrorKind::internal);
  }
  EXPECT_FALSE(std::filesystem::exists(path_));
}

TEST_F(LedgerTest, ImpossiblePlacesAreRefused) {
  EXPECT_EQ(kind_of([] { Ledger("/proc/none/ledger.jsonl").append(look("x")); }), ErrorKind::input);
  std::filesystem::create_directory(path_);
  EXPECT_EQ(kind_of([&] { Ledger ledger(path_); }), ErrorKind::input);
  std::filesystem::remove(path_);
  if (!std::filesystem::exists("/dev/full")) return;
  std::filesystem::create_symlink("/dev/full", path_);
  EXPECT_EQ(kind_of([&] { Ledger ledger(path_); }), ErrorKind::input);
}

// Files are not allowed to grow: the system takes as many bytes as still fit, then none, as a full disk does.
TEST_F(LedgerTest, WhatAFullDiskCutsShortIsUndone) {
  Ledger(path_).append(look("before"));
  const std::string before = text();
  for (const std::size_t room : {0, 1, 50, 200}) {
    in_processes(1, [&](int) {
      std::signal(SIGXFSZ, SIG_IGN);
      const rlimit limit{before.size() + room, before.size() + room};
      ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &limit), 0);
      const std::string message = message_of([&] { Ledger(path_).append(look(std::string(300, 'x'))); });
      EXPECT_NE(message.find("File too large"), std::string::npos) << message;
      EXPECT_NE(message.find(path_), std::string::npos) << message;
    });
    EXPECT_EQ(text(), before) << room;
  }
  Ledger(path_).append(look("after"));
  EXPECT_EQ(Ledger(path_).events().size(), 2u);
}

// Root may write anywhere, so somebody else tries.
TEST_F(LedgerTest, AReadOnlyLedgerCanBeReadAndNotContinued) {
  Ledger(path_).append(look("before"));
  std::filesystem::permissions(path_, std::filesystem::perms(0444));
  in_processes(1, [&](int) {
    if (geteuid() == 0) {
      ASSERT_EQ(setuid(65534), 0);
    }
    Ledger ledger(path_);
    EXPECT_EQ(ledger.events().size(), 1u);
    const std::string message = message_of([&] { ledger.append(look("x")); });
    EXPECT_NE(message.find("--ledger"), std::string::npos) << message;
  });
}

TEST_F(LedgerTest, ThreadsDoNotTearLines) {
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

TEST_F(LedgerTest, ProcessesDoNotTearLines) {
  in_processes(3, [&](int) {
    Ledger ledger(path_);
    for (int i = 0; i < 25; ++i) ledger.append(look(std::string(500, 'y')));
  });
  EXPECT_EQ(Ledger(path_).events().size(), 75u);
}

TEST_F(LedgerTest, AFileThatIsMovedAwayIsNotContinued) {
  Ledger ledger(path_);
  ledger.append(look("old"));
  std::filesystem::rename(path_, path_ + ".old");
  ledger.append(look("new"));
  EXPECT_EQ(ledger.events().size(), 1u);
  EXPECT_EQ(Ledger(path_ + ".old").events().size(), 1u);
  std::filesystem::remove(path_ + ".old");
}

// 10,000 looks take 40 ms on one core of 2.6 GHz; the bound leaves room for sanitizers and a busy machine.
TEST_F(LedgerTest, LongLedgersAreReadFast) {
  std::string all = header_line();
  std::string chain = chain_of(all);
  for (int i = 0; i < 10000; ++i) {
    const std::string line = event_line(look(fmt::format("metric {}", i)), chain);
    chain = chain_of(line);
    all += line;
  }
  write(all);
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(Ledger(path_).head().length, 10001);
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  RecordProperty("milliseconds", static_cast<int>(seconds * 1000));
  EXPECT_LT(seconds, 5);
}

}  // namespace
}  // namespace understudy
