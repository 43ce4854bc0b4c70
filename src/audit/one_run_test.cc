#include "audit/one_run.h"

#include <gtest/gtest.h>

#include <cmath>

#include "testing/kind_of.h"
#include "understudy/privacy.h"
#include "understudy/random.h"

namespace understudy {
namespace {

// Computed apart from this code, with scipy's binomial tails (scipy.stats.binom, brentq), 95 %.
struct EpsilonRow {
  OneRun run;
  double pure, approximate;  // at delta 0 and 1e-5
};
constexpr EpsilonRow kEpsilons[] = {
    {{1000, 1000, 1000}, 5.809068, 5.782283}, {{1000, 100, 100}, 3.492965, 3.465376}, {{1000, 100, 95}, 2.172434, 2.165176},
    {{1000, 200, 160}, 1.086651, 1.085034},   {{1000, 1000, 600}, .297468, .297227},  {{5000, 500, 450}, 1.947138, 1.941420},
    {{10000, 1000, 990}, 4.063206, 4.021219},
};

TEST(OneRun, EpsilonAsComputedElsewhere) {
  for (const auto& [run, pure, approximate] : kEpsilons) {
    EXPECT_NEAR(epsilon_lower_bound(run, 0, 0.95), pure, 1e-6) << run.guesses;
    EXPECT_NEAR(epsilon_lower_bound(run, 1e-5, 0.95), approximate, 1e-6) << run.guesses;
  }
}

// r = 2, v = 2, q = 1/2 (epsilon 0): P[B >= 2] = 1/4; P[2 > B >= 1] = 1/2, P[2 > B >= 0] / 2 = 3/8.
TEST(OneRun, PValueByHand) {
  EXPECT_NEAR(one_run_p_value({10, 2, 2}, 0, 0), 0.25, 1e-15);
  EXPECT_NEAR(one_run_p_value({10, 2, 2}, 0, 0.01), 0.25 + 2 * 10 * 0.01 * 0.5, 1e-15);
  EXPECT_EQ(one_run_p_value({10, 2, 2}, 0, 0.5), 1);
  EXPECT_EQ(one_run_p_value({10, 2, 0}, 3, 0), 1);
}

// The largest P[W >= v] that the inequalities A_l <= F(B_l) of one_run.cc allow, by a linear program with 4,000 tangents
// of F (scipy.optimize.linprog, HiGHS): a mu is refuted with a confidence just below 1 - P, and not just above.
struct TailRow {
  OneRun run;
  double mu, tail;
};
constexpr TailRow kTails[] = {
    {{4, 4, 4}, 1, .325989},  {{4, 4, 3}, .5, .598831}, {{8, 4, 4}, 1.5, .686675},
    {{10, 5, 4}, 1, .976298}, {{6, 5, 5}, 2, .667070},
};

TEST(OneRun, GaussianTailsAsTheLinearProgramFindsThem) {
  for (const auto& [run, mu, tail] : kTails) {
    EXPECT_GT(mu_lower_bound(run, 1 - tail - 1e-4), mu) << run.canaries;
    EXPECT_LT(mu_lower_bound(run, 1 - tail + 1e-4), mu) << run.canaries;
  }
}

// The same recursion in a few lines of Python with scipy.stats.norm, 95 %.
TEST(OneRun, GaussianBoundsAsComputedElsewhere) {
  const std::pair<OneRun, double> rows[] = {
      {{1000, 200, 170}, .555162},   {{1000, 200, 198}, 1.268598}, {{1000, 200, 124}, .102508}, {{1000, 1000, 1000}, 2.368074},
      {{1000, 100, 95}, .786812},    {{10, 5, 5}, .111155},        {{1000, 200, 200}, 1.536398}, {{5000, 1000, 860}, .605760},
  };
  for (const auto& [run, mu] : rows) EXPECT_NEAR(mu_lower_bound(run, 0.95), mu, 2e-6) << run.correct;
}

TEST(OneRun, NothingIsProvedByChance) {
  EXPECT_EQ(epsilon_lower_bound({1000, 200, 100}, 1e-5, 0.95), 0);
  EXPECT_EQ(mu_lower_bound({1000, 200, 100}, 0.95), 0);
  EXPECT_EQ(mu_lower_bound({1000, 200, 0}, 0.95), 0);
}

TEST(OneRun, NumbersOutOfRange) {
  for (const OneRun& run : {OneRun{10, 11, 3}, OneRun{10, 0, 0}, OneRun{10, 5, 6}, OneRun{10, 5, -1}}) {
    EXPECT_EQ(kind_of([&] { mu_lower_bound(run, 0.95); }), ErrorKind::usage);
    EXPECT_EQ(kind_of([&] { epsilon_lower_bound(run, 0, 0.95); }), ErrorKind::usage);
  }
  EXPECT_EQ(kind_of([] { mu_lower_bound({10, 5, 5}, 1); }), ErrorKind::usage);
  EXPECT_EQ(kind_of([] { one_run_p_value({10, 5, 5}, -1, 0); }), ErrorKind::usage);
  EXPECT_EQ(kind_of([] { one_run_p_value({10, 5, 5}, 1, 1.5); }), ErrorKind::usage);
  EXPECT_EQ(kind_of([] { guess_extremes(std::vector<double>{1, 2}, {true}, 1); }), ErrorKind::usage);
}

TEST(GuessExtremes, ByHand) {
  const std::vector<double> scores = {3, 1, 5, 2, 4};
  const std::vector<bool> in = {true, false, true, true, false};
  const OneRun two = guess_extremes(scores, in, 2), four = guess_extremes(scores, in, 4), five = guess_extremes(scores, in, 5);
  EXPECT_EQ(two.correct, 2);   // 1 is out, 5 is in
  EXPECT_EQ(four.correct, 2);  // 2 is in, 4 is out
  EXPECT_EQ(five.correct, 3);  // the middle one is named in
  EXPECT_EQ(five.canaries, 5);
  const std::vector<double> same(4, 1.0);
  EXPECT_EQ(guess_extremes(same, {false, true, false, true}, 4).correct, 2);
}

// Attacks on releases of a canary's bit with N(0, 1 / mu^2) added.
struct GaussianGame {
  GaussianGame(double mu, Rng rng) : scores(1000), in(1000) {
    for (std::size_t i = 0; i < in.size(); ++i) {
      in[i] = rng.bernoulli(0.5);
      scores[i] = (in[i] ? mu : 0) + rng.normal();
    }
  }
  std::vector<double> scores;
  std::vector<bool> in;
};

// Of 100 games, each bound may be above the truth in one of twenty: more than 20 of 100 has probability below 1e-7, as has
// more than 12 of 30. Power: at mu = 2 a bound is about 1.27 with a deviation of .15, the mean of 100 above 1 for certain.
TEST(OneRun, HoldsAndHasPowerOnAGaussianOfKnownCost) {
  const std::int64_t several[] = {50, 100, 200, 400, 1000};
  for (const double mu : {0.25, 2.0}) {
    int wrong_mu = 0, wrong_epsilon = 0, wrong_best = 0;
    double sum = 0;
    for (std::uint64_t k = 0; k < 100; ++k) {
      const GaussianGame game(mu, Rng(1).stream("game", k));
      const OneRun run = guess_extremes(game.scores, game.in, 200);
      const double found = mu_lower_bound(run, 0.95);
      sum += found;
      wrong_mu += found > mu ? 1 : 0;
      wrong_epsilon += one_run_p_value(run, gaussian_epsilon(mu, 1e-5), 1e-5) <= 0.05 ? 1 : 0;
      if (k < 30) wrong_best += best_mu_lower_bound(game.scores, game.in, several, 0.95) > mu ? 1 : 0;
    }
    EXPECT_LE(wrong_mu, 20) << mu;
    EXPECT_LE(wrong_epsilon, 20) << mu;
    EXPECT_LE(wrong_best, 12) << mu;
    EXPECT_GT(sum / 100, mu > 1 ? 1 : 0);
  }
}

TEST(OneRun, SeveralNumbersOfGuessesSplitTheConfidence) {
  const GaussianGame game(2, Rng(3));
  const std::int64_t one[] = {200}, two[] = {200, 200};
  const OneRun run = guess_extremes(game.scores, game.in, 200);
  EXPECT_EQ(best_mu_lower_bound(game.scores, game.in, one, 0.95), mu_lower_bound(run, 0.95));
  EXPECT_NEAR(best_mu_lower_bound(game.scores, game.in, two, 0.95), mu_lower_bound(run, 0.975), 1e-8);
}

}  // namespace
}  // namespace understudy
