#include "privacy/noise/noisy_total.h"

#include <gtest/gtest.h>

#include <numeric>

#include "privacy/noise/gaussian_stream.h"
#include "privacy/noise/testing_script.h"
#include "testing/kind_of.h"

namespace understudy {
namespace {

constexpr std::size_t kBlock = GaussianStream::kBlock;

// One of several ranks, whose others add nothing.
class Lonely : public Ranks {
 public:
  Lonely(int rank, int size) : rank_(rank), size_(size) {}
  int rank() const override { return rank_; }
  int size() const override { return size_; }
  void add_up(std::span<float>) override {}
  void share(std::string&) override {}

 private:
  int rank_, size_;
};

// A stream that is no constant, the same each time.
std::vector<std::uint32_t> script() {
  std::vector<std::uint32_t> words(800);
  std::iota(words.begin(), words.end(), 1U);
  return words;
}

TEST(NoisyTotal, StretchesAreBlocksAndHoldEveryNumberOnce) {
  for (const std::size_t size : {std::size_t{0}, std::size_t{5}, kBlock, 7 * kBlock + 13, 64 * kBlock}) {
    for (const int ranks : {1, 2, 3, 8}) {
      std::size_t next = 0;
      for (int rank = 0; rank < ranks; ++rank) {
        const Stretch own = own_stretch(size, rank, ranks);
        EXPECT_EQ(own.first, next);
        EXPECT_TRUE(own.first % kBlock == 0 || own.first == size);
        next += own.count;
      }
      EXPECT_EQ(next, size);
    }
  }
}

// With sources of one seed the ranks' noises, side by side, are the one process's.
TEST(NoisyTotal, SourcesOfOneSeedStayInStep) {
  constexpr std::size_t kSize = 5 * kBlock + 100;
  ScriptSource one(script());
  std::vector<double> first(kSize), second(kSize);
  for (auto* sum : {&first, &second}) noisy_total(one, *sum, 2, nullptr);
  for (const int ranks : {2, 3}) {
    for (int rank = 0; rank < ranks; ++rank) {
      Lonely lonely(rank, ranks);
      ScriptSource source(script());
      const Stretch own = own_stretch(kSize, rank, ranks);
      for (const auto* whole : {&first, &second}) {
        std::vector<double> sum(kSize);
        noisy_total(source, sum, 2, &lonely);
        for (std::size_t i = 0; i < kSize; ++i) {
          const bool mine = i >= own.first && i < own.first + own.count;
          EXPECT_EQ(sum[i], mine ? static_cast<float>((*whole)[i]) : 0) << i;
        }
      }
    }
  }
}

TEST(NoisyTotal, NoNoiseIsRefusedAtEveryRank) {
  std::vector<double> sum(3);  // one block: the second rank owns nothing
  ScriptSource source({1});
  for (const int rank : {0, 1}) {
    Lonely lonely(rank, 2);
    EXPECT_EQ(kind_of([&] { noisy_total(source, sum, 0, &lonely); }), ErrorKind::internal) << rank;
  }
}

TEST(OwnSubjects, AreDealtOnce) {
  std::vector<std::int64_t> subjects = {0, 1, 5, 9, 12, 70};
  EXPECT_EQ(own_subjects(subjects, nullptr), subjects);
  std::vector<std::int64_t> together;
  for (int rank = 0; rank < 3; ++rank) {
    const Lonely lonely(rank, 3);
    for (const std::int64_t subject : own_subjects(subjects, &lonely)) {
      EXPECT_EQ(rank_of(subject, 3), rank);
      together.push_back(subject);
    }
  }
  std::sort(together.begin(), together.end());
  EXPECT_EQ(together, subjects);
}

}  // namespace
}  // namespace understudy
