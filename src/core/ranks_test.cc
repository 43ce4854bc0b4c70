#include "understudy/ranks.h"

#include <gtest/gtest.h>

#include "testing/kind_of.h"
#include "testing/thread_ranks.h"

namespace understudy {
namespace {

// One of two ranks; what the other sends is said in advance.
class Half : public Ranks {
 public:
  explicit Half(int rank, std::string from_0 = "") : rank_(rank), from_0_(std::move(from_0)) {}
  int rank() const override { return rank_; }
  int size() const override { return 2; }
  void add_up(std::span<float>) override {}
  void share(std::string& bytes) override {
    ++shared;
    if (rank_ == 0) from_0_ = bytes;
    bytes = from_0_;
  }
  std::string from_0() const { return from_0_; }
  int shared = 0;

 private:
  int rank_;
  std::string from_0_;
};

TEST(AtRank0, AloneItIsACall) {
  EXPECT_EQ(at_rank_0(nullptr, [] { return std::string("done"); }), "done");
}

TEST(AtRank0, TheResultIsEverywhere) {
  Half first(0);
  EXPECT_EQ(at_rank_0(&first, [] { return std::string("a\0b", 3); }), std::string("a\0b", 3));
  Half second(1, first.from_0());
  EXPECT_EQ(at_rank_0(&second, [] { ADD_FAILURE(); return std::string(); }), std::string("a\0b", 3));
}

TEST(AtRank0, AnErrorIsEverywhere) {
  Half first(0);
  const auto refused = [](Ranks& ranks) {
    at_rank_0(&ranks, []() -> std::string { fail(ErrorKind::budget, "nothing is left"); });
  };
  EXPECT_EQ(kind_of([&] { refused(first); }), ErrorKind::budget);
  Half second(1, first.from_0());
  try {
    refused(second);
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::budget);
    EXPECT_STREQ(error.what(), "nothing is left");
  }
}

TEST(AtRank0, InsideItRank0IsAlone) {
  Half first(0);
  const auto inner = [&] { return at_rank_0(&first, [] { return std::string("inner"); }); };
  EXPECT_EQ(at_rank_0(&first, inner), "inner");
  EXPECT_EQ(first.shared, 1);
  EXPECT_EQ(inner(), "inner");
  EXPECT_EQ(first.shared, 2);
}

TEST(Ranks, WhatOneKnowsAllKnow) {
  EXPECT_TRUE(at_any_rank(nullptr, true));
  EXPECT_FALSE(at_any_rank(nullptr, false));
  EXPECT_TRUE(is_first(nullptr));
  run_ranks(3, [](Ranks& ranks) {
    EXPECT_TRUE(at_any_rank(&ranks, ranks.rank() == 2));
    EXPECT_FALSE(at_any_rank(&ranks, false));
    EXPECT_EQ(is_first(&ranks), ranks.rank() == 0);
  });
}

TEST(Ranks, WhoHasOtherDataIsRefused) {
  check_same(nullptr, "the data", "here");
  run_ranks(2, [](Ranks& ranks) {
    check_same(&ranks, "the data", "the same");
    const auto differ = [&] { check_same(&ranks, "the data", std::to_string(ranks.rank())); };
    if (ranks.rank() == 0) return differ();
    EXPECT_EQ(kind_of(differ), ErrorKind::input);
  });
}

// A thousand hashes of probability 1/3 each: six standard deviations, 2e-9 a rank, and the hashes never change.
TEST(RankOf, DealsEvenly) {
  std::vector<int> owned(3);
  for (std::int64_t subject = 0; subject < 1000; ++subject) ++owned[static_cast<std::size_t>(rank_of(subject, 3))];
  for (const int count : owned) EXPECT_NEAR(count, 1000 / 3.0, 6 * 15);
  EXPECT_EQ(rank_of(12, 1), 0);
}

}  // namespace
}  // namespace understudy
