// The papers of a release, from facts to verification.
#include "pipeline/release.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "core/files.h"
#include "testing/kind_of.h"
#include "understudy/pipeline.h"

namespace understudy {
namespace {

namespace fs = std::filesystem;

class Papers : public testing::Test {
 protected:
  Papers() : root_(fs::path(testing::TempDir()) / fmt::format("papers_{}", getpid())) {
    fs::remove_all(root_);
    fs::create_directories(root_ / "run/release/synthetic");
    std::ofstream(root_ / "run/release/synthetic/ward.csv") << "age\n50\n";
    keygen(path("key"));
    facts_.name = "ward";
    facts_.generator = "independent";
    facts_.schema.name = "ward";
    facts_.schema.subject = "Id";
    facts_.declassified = "people who do not exist";
  }
  ~Papers() override { fs::remove_all(root_); }

  std::string path(const std::string& name) const { return (root_ / name).string(); }
  std::string release() const { return path("run/release"); }

  fs::path root_;
  StatementFacts facts_;
};

TEST_F(Papers, SignedOnesVerify) {
  write_papers(release(), facts_, {3, "abc"}, open_key(path("key")));
  const VerifyResult result = verify({.folder = release(), .key = path("key.pub")});
  EXPECT_TRUE(result.passed) << result.checks.dump(1);
  const auto statement = nlohmann::ordered_json::parse(read_text(release() + "/statement.json"));
  EXPECT_EQ(statement["files"].size(), 2u);  // the table and the page
  EXPECT_EQ(statement["ledger"]["length"], 3);
  EXPECT_NE(read_text(release() + "/statement.html").find(statement["key"].get<std::string>()), std::string::npos);
}

TEST_F(Papers, WithoutAKeyNothingIsSigned) {
  EXPECT_FALSE(open_key("").has_value());
  write_papers(release(), facts_, {3, "abc"}, open_key(""));
  EXPECT_FALSE(fs::exists(release() + "/statement.sig"));
  EXPECT_FALSE(verify({.folder = release(), .key = path("key.pub")}).passed);
  EXPECT_TRUE(verify({.folder = release(), .allow_unsigned = true}).passed);
}

TEST_F(Papers, TheLedgerMustGoOnFromTheQuote) {
  Ledger ledger(path("ledger.jsonl"));
  ledger.append({.kind = "load", .part = "all", .purpose = "read ward", .side = "inside"});
  ledger.append({.kind = "look", .part = "all", .purpose = "train", .side = "inside"});
  write_papers(release(), facts_, ledger.head(), open_key(path("key")));
  const VerifyRequest request{.folder = release(), .key = path("key.pub"), .ledger = path("ledger.jsonl")};
  EXPECT_TRUE(verify(request).passed);
  ledger.append({.kind = "look", .part = "all", .purpose = "count", .side = "inside"});
  EXPECT_TRUE(verify(request).passed);
  const std::string lines = read_text(ledger.path());
  write_atomically(ledger.path(), lines.substr(0, lines.find('\n') + 1));  // cut back
  EXPECT_FALSE(verify(request).passed);
}

TEST_F(Papers, WrongWordsAreRefused) {
  write_papers(release(), facts_, {3, "abc"}, open_key(path("key")));
  EXPECT_EQ(kind_of([&] { verify({.folder = path("run"), .key = path("key.pub")}); }), ErrorKind::usage);
  EXPECT_EQ(kind_of([&] { verify({.folder = release()}); }), ErrorKind::usage);
  EXPECT_EQ(kind_of([&] { verify({.folder = release(), .key = path("none")}); }), ErrorKind::input);
  EXPECT_EQ(kind_of([&] { verify({.folder = release(), .key = path("key.pub"), .ledger = path("none")}); }),
            ErrorKind::input);
  EXPECT_FALSE(fs::exists(path("none")));  // verify makes no ledger
  EXPECT_EQ(kind_of([&] { open_key(path("none")); }), ErrorKind::input);
}

}  // namespace
}  // namespace understudy
