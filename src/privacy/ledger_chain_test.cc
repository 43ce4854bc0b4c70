// Ledgers that are not as they were written.
#include "privacy/ledger_line.h"
#include "privacy/ledger_testing.h"
#include "testing/kind_of.h"

namespace understudy {
namespace {

class LedgerChain : public LedgerTest {
 protected:
  void SetUp() override {
    LedgerTest::SetUp();
    Ledger ledger(path_);
    ledger.append(look("one"));
    ledger.declare(small_limit());
    ledger.reserve(plan(100, "two"));
    ledger.append(look("three"));
    whole_ = text();
    lines_ = lines();
    head_ = ledger.head();
  }
  void expect_refused(const std::string& text, const std::string& place) {
    EXPECT_EQ(kind_of([&] { read_lines(text, path_); }), ErrorKind::input) << place;
    const std::string message = message_of([&] { read_lines(text, path_); });
    EXPECT_NE(message.find(path_), std::string::npos) << message;
    EXPECT_NE(message.find("line "), std::string::npos) << message;
  }

  std::string whole_;
  std::vector<std::string> lines_;
  LedgerHead head_;
};

TEST_F(LedgerChain, EveryChangedByteIsNoticed) {
  for (std::size_t at = 0; at < whole_.size(); ++at) {
    for (const char flip : {'\x01', '\x20', '\x80'}) {
      std::string changed = whole_;
      changed[at] ^= flip;
      expect_refused(changed, fmt::format("byte {} of {} flipped by {}", at, whole_.size(), static_cast<int>(flip)));
    }
  }
}

TEST_F(LedgerChain, EveryRemovedByteOfAnEarlierLineIsNoticed) {
  for (std::size_t at = 0; at + lines_.back().size() < whole_.size(); ++at) {
    std::string changed = whole_;
    expect_refused(changed.erase(at, 1), fmt::format("byte {} removed", at));
  }
}

TEST_F(LedgerChain, AChangedFileIsNeitherReadNorContinued) {
  std::string changed = whole_;
  changed[lines_[0].size() + 20] ^= 1;
  Ledger ledger(path_);
  write(changed);
  EXPECT_EQ(kind_of([&] { ledger.events(); }), ErrorKind::input);
  EXPECT_EQ(kind_of([&] { ledger.append(look("four")); }), ErrorKind::input);
  EXPECT_EQ(kind_of([&] { ledger.reserve(plan(1000)); }), ErrorKind::input);
  EXPECT_EQ(text(), changed);
}

TEST_F(LedgerChain, RemovedAndMovedLinesAreNoticed) {
  for (std::size_t gone = 0; gone + 1 < lines_.size(); ++gone) {
    std::string rest, moved;
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      if (i != gone) rest += lines_[i];
      moved += i == gone ? lines_[i + 1] : i == gone + 1 ? lines_[gone] : lines_[i];
    }
    expect_refused(rest, fmt::format("line {} removed", gone + 1));
    expect_refused(moved, fmt::format("lines {} and {} exchanged", gone + 1, gone + 2));
  }
  expect_refused(whole_ + lines_.back(), "the last line twice");
}

TEST_F(LedgerChain, LinesOfAnotherLedgerAreNoticed) {
  std::filesystem::remove(path_);
  Ledger(path_).append(look("one"));
  expect_refused(lines_[0] + lines()[1], "a line of another ledger");
}

TEST_F(LedgerChain, BrokenLinesAreRefusedByNumber) {
  for (const std::string bad : {"not json\n", "{\"kind\":\"look\"}\n", "\n", "[1, 2]\n"}) {
    write(whole_ + bad);
    const std::string message = message_of([&] { Ledger ledger(path_); });
    EXPECT_NE(message.find("line 6"), std::string::npos) << message;
    EXPECT_NE(message.find("backup"), std::string::npos) << message;
  }
}

TEST_F(LedgerChain, ALineThatNestsDeeplyIsRefused) {
  const std::string deep = std::string(200000, '[') + std::string(200000, ']');
  expect_refused("{\"kind\":\"ledger\",\"version\":" + deep + "}\n", "deep");
}

// A ledger that is cut back is a good ledger; only who remembers its head can tell.
TEST_F(LedgerChain, ARolledBackLedgerIsNoticedByItsHead) {
  EXPECT_TRUE(Ledger(path_).extends(head_));
  EXPECT_TRUE(Ledger(path_).extends({}));
  Ledger(path_).append(look("four"));
  EXPECT_TRUE(Ledger(path_).extends(head_));
  const LedgerHead later = Ledger(path_).head();
  EXPECT_EQ(later.length, head_.length + 1);
  write(whole_);
  EXPECT_FALSE(Ledger(path_).extends(later));
  Ledger(path_).append(look("another four"));
  EXPECT_EQ(Ledger(path_).head().length, later.length);
  EXPECT_FALSE(Ledger(path_).extends(later));
  EXPECT_FALSE(Ledger(path_).extends({.length = 0, .hash = head_.hash}));
  EXPECT_FALSE(Ledger(path_).extends({.length = -1, .hash = head_.hash}));
}

// Killed or without power in the middle of a write. The line was never acknowledged, so its look did not happen.
TEST_F(LedgerChain, ATornTailIsLeftOutAndCutOffByTheNextEvent) {
  const std::size_t last = whole_.size() - lines_.back().size();
  for (std::size_t size = last; size + 2 <= whole_.size(); size += 3) {
    write(whole_.substr(0, size));
    Ledger ledger(path_);
    ASSERT_EQ(ledger.events().size(), 3u) << size;
    ledger.append(look("four"));
    ASSERT_EQ(ledger.events().size(), 4u) << size;
    ASSERT_EQ(ledger.events().back().purpose, "four") << size;
  }
}

TEST_F(LedgerChain, ATornFirstLineBeginsANewLedger) {
  for (std::size_t size = 0; size + 2 <= lines_[0].size(); size += 5) {
    write(whole_.substr(0, size));
    Ledger ledger(path_);
    ASSERT_TRUE(ledger.events().empty());
    ledger.append(look("one"));
    ASSERT_EQ(ledger.head().length, 2) << size;
  }
}

// Only the newline is missing: the event is all there, so it counts.
TEST_F(LedgerChain, ALineWithoutItsNewlineCounts) {
  write(whole_.substr(0, whole_.size() - 1));
  Ledger ledger(path_);
  EXPECT_EQ(ledger.events().size(), 4u);
  EXPECT_TRUE(ledger.extends(head_));
  ledger.append(look("four"));
  EXPECT_EQ(ledger.events().size(), 5u);
  EXPECT_TRUE(ledger.extends(head_));
  write(lines_[0].substr(0, lines_[0].size() - 1));
  ledger.append(look("one"));
  EXPECT_EQ(ledger.head().length, 2);
}

TEST_F(LedgerChain, ATornLineThatOthersFollowIsRefused) {
  expect_refused(lines_[0] + lines_[1].substr(0, 40) + lines_[2], "torn in the middle");
  expect_refused(lines_[0] + lines_[1].substr(0, 40) + "\n" + lines_[2], "torn in the middle, with a newline");
}

TEST_F(LedgerChain, OtherVersionsAreNamed) {
  write(R"({"kind":"look","part":"all","purpose":"x","side":"inside","epsilon":0.0,"delta":0.0})" "\n");
  EXPECT_EQ(kind_of([&] { Ledger ledger(path_); }), ErrorKind::input);
  EXPECT_NE(message_of([&] { Ledger ledger(path_); }).find("mv '"), std::string::npos);
  write(R"({"kind":"ledger","version":3,"salt":"","chain":""})" "\n");
  EXPECT_NE(message_of([&] { Ledger ledger(path_); }).find("version 3"), std::string::npos);
  write("Id,Day,Steps\n1,2,3\n");
  EXPECT_NE(message_of([&] { Ledger ledger(path_); }).find("not a ledger"), std::string::npos);
}

}  // namespace
}  // namespace understudy
