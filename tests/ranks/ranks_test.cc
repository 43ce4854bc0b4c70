#include <gtest/gtest.h>

#include <boost/math/distributions/chi_squared.hpp>
#include <chrono>
#include <cmath>
#include <cstring>

#include "crew.h"
#include "understudy/error.h"
#include "understudy/random.h"

namespace understudy {
namespace {

constexpr const char* kSecure = UNDERSTUDY_MEMBER_SECURE;
constexpr const char* kSeeded = UNDERSTUDY_MEMBER_SEEDED;
constexpr int kLost = static_cast<int>(ErrorKind::lost);

template <class T>
std::vector<T> numbers(const std::string& bytes, std::size_t from = 0, std::size_t count = std::string::npos) {
  std::vector<T> result(std::min(count, (bytes.size() - from) / sizeof(T)));
  std::memcpy(result.data(), bytes.data() + from, result.size() * sizeof(T));
  return result;
}

// What every rank wrote, all the same.
std::string together(const char* program, const std::string& task, int size) {
  std::vector<int> ranks(static_cast<std::size_t>(size));
  for (int rank = 0; rank < size; ++rank) ranks[static_cast<std::size_t>(rank)] = rank;
  Crew crew(program, task, size, ranks);
  for (int rank = 0; rank < size; ++rank) {
    EXPECT_EQ(crew.wait_for(static_cast<std::size_t>(rank)), 0) << crew.errors(rank);
    EXPECT_EQ(crew.result(rank), crew.result(0)) << rank;
    EXPECT_EQ(crew.errors(rank), "");
  }
  return crew.result(0);
}

// Relative to the length of the whole, as a float's rounding is.
void expect_close(const std::vector<double>& found, const std::vector<double>& wanted, double tolerance) {
  ASSERT_EQ(found.size(), wanted.size());
  double largest = 0;
  for (const double value : wanted) largest = std::max(largest, std::abs(value));
  EXPECT_GT(largest, 0);
  for (std::size_t i = 0; i < wanted.size(); ++i) ASSERT_NEAR(found[i], wanted[i], tolerance * largest) << i;
}

TEST(Processes, SumsAndTextsAreTheSameEverywhere) {
  for (const int size : {2, 3}) {
    const std::string bytes = together(kSecure, "sums", size);
    constexpr std::size_t kLast = 300001, kFirst = (1 + 7) * 5;
    ASSERT_EQ(bytes.size(), kFirst + kLast * 5);
    const auto sums = numbers<float>(bytes, kFirst, kLast);
    std::vector<Rng> rngs;
    for (int rank = 0; rank < size; ++rank) rngs.push_back(Rng(5).stream("values", static_cast<std::uint64_t>(rank)));
    for (const float sum : sums) {
      double wanted = 0;
      for (Rng& rng : rngs) wanted += rng.normal();
      ASSERT_NEAR(sum, wanted, 2e-6);
    }
    EXPECT_EQ(bytes.substr(kFirst + 4 * kLast), std::string(kLast, 'a'));
  }
}

TEST(Processes, ANoisyClippedSumIsThatOfOneProcess) {
  const auto one = numbers<double>(together(kSeeded, "clipped", 1));
  for (const int size : {2, 3}) expect_close(numbers<double>(together(kSeeded, "clipped", size)), one, 1e-6);
}

TEST(Processes, AMeanGradientIsThatOfOneProcess) {
  const auto one = numbers<double>(together(kSecure, "mean", 1));
  EXPECT_EQ(one.back(), 12);  // six numbers, the mean of 0 to 4
  expect_close(numbers<double>(together(kSecure, "mean", 2)), one, 1e-6);
}

// 400 squares of each of 1,500 numbers. By the tails of chi-squared, all 3,000 bounds together are passed with probability
// 1e-6; twice the noise, or none, is far outside.
TEST(Processes, EveryNumberGetsItsNoiseOnce) {
  const auto squares = numbers<double>(together(kSecure, "squares", 2));
  ASSERT_EQ(squares.size(), 1500u);
  const boost::math::chi_squared law(400);
  const double tail = 1e-6 / (2 * 1500);
  const double low = quantile(law, tail), high = quantile(complement(law, tail));
  EXPECT_LT(high, 1.6 * 400);
  for (std::size_t i = 0; i < squares.size(); ++i) {
    EXPECT_GT(squares[i], low) << i;
    EXPECT_LT(squares[i], high) << i;
  }
}

void expect_words(const std::string& message, const std::vector<std::string>& words) {
  for (const std::string& word : words) EXPECT_NE(message.find(word), std::string::npos) << word << " is not in: " << message;
}

using Clock = std::chrono::steady_clock;
double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

TEST(Processes, AKilledRankIsMissed) {
  for (const int killed : {0, 1}) {
    const int left = 1 - killed;
    Crew crew(kSecure, "on-and-on", 2, {0, 1});
    crew.wait_for_words(0);
    crew.wait_for_words(1);
    const auto start = Clock::now();
    crew.signal(static_cast<std::size_t>(killed), SIGKILL);
    EXPECT_EQ(crew.wait_for(static_cast<std::size_t>(left)), kLost);
    EXPECT_LT(seconds_since(start), 20);  // at once: the patience is 60
    expect_words(crew.errors(left), {fmt::format("rank {} of 2", left), "the sum over all ranks",
                                     "start all ranks again with the same command"});
  }
}

TEST(Processes, ASilentRankIsMissedWhenPatienceEnds) {
  Crew crew(kSecure, "on-and-on", 2, {0, 1}, "3");
  crew.wait_for_words(0);
  crew.wait_for_words(1);
  const auto start = Clock::now();
  crew.signal(1, SIGSTOP);
  EXPECT_EQ(crew.wait_for(0), kLost);
  EXPECT_GT(seconds_since(start), 2);
  EXPECT_LT(seconds_since(start), 20);
  expect_words(crew.errors(0), {"rank 0 of 2", "the sum over all ranks"});
}

TEST(Processes, ARankThatNeverComesIsMissed) {
  for (const int alone : {0, 1}) {
    Crew crew(kSecure, "nothing", 2, {alone}, "2");
    EXPECT_EQ(crew.wait_for(0), kLost);
    expect_words(crew.errors(alone), {fmt::format("rank {} of 2", alone), "all ranks at 127.0.0.1:", "start all ranks again"});
  }
}

}  // namespace
}  // namespace understudy
