// What an attack on many canaries in a single run proves about the mechanism that was run.
//
// The game: each of m canaries is in the data by a fair coin of its own, thrown by the auditor. The attacker sees the
// output, names for r of the m canaries whether they are in, and is right v times. How many are named is fixed before
// the coins are looked at; which ones may depend on the output.
//
//   const OneRun run = guess_extremes(scores, in, 200);           // 200: fixed beforehand
//   const double epsilon = epsilon_lower_bound(run, 1e-5, 0.95);
//
// Guarantee: each lower bound is above the truth with probability at most 1 - confidence, whatever the attack. Two
// bounds from one game fail together with at most the sum. A bound of 0 proves nothing, and never that there is privacy.
// Relation: add or remove one canary. No randomness of its own.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace understudy {

struct OneRun {
  std::int64_t canaries = 0;  // m
  std::int64_t guesses = 0;   // r, in [1, m]
  std::int64_t correct = 0;   // v, in [0, r]
};

// At most how probable v or more right guesses are against an (epsilon, delta)-private mechanism: with B binomial of r
// and e^epsilon / (1 + e^epsilon),
//   P[B >= v] + 2 m delta max over i in [1, v] of P[v > B >= v - i] / i
// (Steinke, Nasr and Jagielski 2023, arXiv:2305.08846, the theorem for approximate privacy), and at most 1. epsilon >= 0,
// delta in [0, 1]; ErrorKind::usage for other numbers, here and below.
double one_run_p_value(const OneRun& run, double epsilon, double delta);

// The largest epsilon >= 0 that is refuted at `delta`, to 1e-9 from below; 0 when none is. confidence in (0, 1).
double epsilon_lower_bound(const OneRun& run, double delta, double confidence);

// The largest mu >= 0 for which mu-Gaussian-DP is refuted, to 1e-9 from below; 0 when none is. Tighter, because it uses
// the whole trade-off curve (Mahloujifar, Melis and Chaudhuri 2024, arXiv:2410.22235; the argument is in one_run.cc). For
// a mechanism that is not Gaussian it speaks about the mu of gaussian_cost alone: gaussian_epsilon of it refutes no
// epsilon of such a mechanism.
double mu_lower_bound(const OneRun& run, double confidence);

// Names the r / 2 canaries with the lowest scores as out and as many with the highest as in (one more in for an odd r).
// A score speaks for "in" when it is high. Equal scores: the earlier canary counts as lower.
OneRun guess_extremes(std::span<const double> scores, const std::vector<bool>& in, std::int64_t guesses);

// The best of several numbers of guesses, tried on the same scores: each gets an equal share of 1 - confidence, so that
// the best one still holds with `confidence`.
double best_mu_lower_bound(std::span<const double> scores, const std::vector<bool>& in, std::span<const std::int64_t> guesses,
                           double confidence);

}  // namespace understudy
