#include "pipeline/ledger_words.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <fstream>

#include "testing/kind_of.h"
#include "understudy/pipeline.h"

namespace understudy {
namespace {

namespace fs = std::filesystem;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(LedgerWords, EveryKindOfEventIsOneLine) {
  Event event{.kind = "look", .part = "train", .purpose = "train gan", .side = "inside",
              .when = "2026-11-23T09:00:07Z"};
  EXPECT_EQ(event_words(event), "2026-11-23 09:00 look at train: train gan (inside, not charged)");
  event.when = "";
  event.kind = "load";
  EXPECT_EQ(event_words(event), "load of train: train gan (inside, not charged)");
  event.purpose = "two\nlines \x1b[31m";
  EXPECT_EQ(event_words(event), "load of train: two lines  [31m (inside, not charged)");
  EXPECT_EQ(event_words({.kind = "plan", .part = "all", .purpose = "count", .side = "outside", .epsilon = 1.25,
                         .cost = {.mu = 0.3}}),
            "plan on all: count (outside, epsilon 1.25 alone, mu 0.3)");
  EXPECT_EQ(event_words({.kind = "declassify", .part = "all", .purpose = "demo", .side = "outside",
                         .epsilon = kInfinity}),
            "declassified from all: demo (outside, without a guarantee)");
  EXPECT_EQ(event_words({.kind = "limit", .limit = Limit{.epsilon = 3, .delta = 1e-6}}),
            "limit declared: epsilon 3 at delta 1e-06 for each person (add-remove)");
}

TEST(LedgerWords, TheBudgetSaysWhatIsSpentAndLeft) {
  const Limit limit{.epsilon = 3, .delta = 1e-6};
  std::vector<Event> events = {{.kind = "limit", .limit = limit}};
  EXPECT_NE(budget_words(events)[0].find("epsilon 0 of 3 "), std::string::npos);
  EXPECT_NE(budget_words(events)[1].find("a plan of epsilon 3 "), std::string::npos);
  EXPECT_NE(budget_words(events)[1].find("will be 20.1"), std::string::npos);  // e^3
  events.push_back({.kind = "plan", .cost = allowed(limit)});
  EXPECT_NE(budget_words(events)[0].find("epsilon 3 of 3 "), std::string::npos);
  EXPECT_NE(budget_words(events)[1].find("a plan of epsilon 0 "), std::string::npos);
  EXPECT_EQ(budget_words({}).size(), 1u);
  EXPECT_NE(budget_words({{.kind = "declassify", .epsilon = kInfinity}})[0].find("without bound"), std::string::npos);
}

class FindLedger : public testing::Test {
 protected:
  FindLedger() : folder_(testing::TempDir() + "find_ledger_" + std::to_string(getpid())) {
    fs::create_directory(folder_);
  }
  ~FindLedger() override { fs::remove_all(folder_); }
  std::string file(const std::string& name, const std::string& text) const {
    const std::string path = folder_ + "/" + name;
    fs::create_directories(fs::path(path).parent_path());
    std::ofstream(path) << text;
    return path;
  }
  std::string folder_;
};

TEST_F(FindLedger, OfDataIsBesideIt) {
  const std::string data = file("days.csv", "Id\n1\n"), lines = file("days.jsonl", "{\"Id\":1}\n");
  EXPECT_EQ(find_ledger(data), data + ".ledger.jsonl");
  EXPECT_EQ(find_ledger(lines), lines + ".ledger.jsonl");
  fs::create_directory(folder_ + "/omop");
  EXPECT_EQ(find_ledger(folder_ + "/omop/"), folder_ + "/omop.ledger.jsonl");
}

TEST_F(FindLedger, OfALedgerIsItself) {
  const std::string begin = "{\"kind\":\"ledger\",\"version\":2}\n";
  for (const std::string name : {"a.ledger.jsonl", "a.jsonl", "a.txt"}) {
    const std::string path = file(name, begin);
    EXPECT_EQ(find_ledger(path), path);
  }
  EXPECT_EQ(find_ledger(folder_ + "/new.jsonl"), folder_ + "/new.jsonl");
}

TEST_F(FindLedger, OfDataThatIsGoneIsStillFound) {
  const std::string ledger = file("gone.csv.ledger.jsonl", "");
  EXPECT_EQ(find_ledger(folder_ + "/gone.csv"), ledger);
  EXPECT_EQ(kind_of([&] { find_ledger(folder_ + "/none.csv"); }), ErrorKind::input);
}

TEST_F(FindLedger, OfARunIsWhatItNames) {
  fs::create_directories(folder_ + "/run/inside");
  EXPECT_EQ(kind_of([&] { find_ledger(folder_ + "/run"); }), ErrorKind::input);
  const std::string own = file("run/inside/ledger.jsonl", "");
  EXPECT_EQ(find_ledger(folder_ + "/run"), own);
  file("run/inside/report.json", R"({"privacy": {"ledger": "kept/a.jsonl"}})");
  EXPECT_EQ(find_ledger(folder_ + "/run/"), "kept/a.jsonl");
  file("run/inside/run.json", R"({"ledger": "/kept/b.jsonl"})");
  EXPECT_EQ(find_ledger(folder_ + "/run"), "/kept/b.jsonl");
}

}  // namespace
}  // namespace understudy
