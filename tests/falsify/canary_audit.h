// A white-box audit of the private trainer in one run: canaries that are in a training by coins of the auditor, and an
// attacker who sees all weights after all steps, and from their differences (plain gradient descent) the noisy sums. The
// attacker knows bound, noise, rate and directions: nobody who sees a released model knows more.
#pragma once

#include <vector>

#include "audit/one_run.h"
#include "falsify/canaries.h"
#include "falsify/lower_bound.h"

namespace understudy {

inline constexpr double kConfidence = 0.95;  // of each bound

// Fixed before any game, so that no bound has to be corrected for a choice.
inline std::int64_t guesses_of(std::int64_t canaries) { return canaries / 5; }

// double [steps, canaries]: the noisy sums, in bounds.
inline at::Tensor sums_in_bounds(const Trajectory& weights, const SampledSum& claimed) {
  const at::Tensor all = at::stack(weights).to(at::kDouble);
  const std::int64_t steps = all.size(0) - 1;
  return (all.narrow(0, 0, steps) - all.narrow(0, 1, steps)) * (kExpected / kLearningRate / claimed.bound);
}

// Each canary's log likelihood ratio of being in, under what the plan says. Where all take part it grows with the inner
// product of the sums with the canary's direction.
inline std::vector<double> scores(const Trajectory& weights, const SampledSum& claimed) {
  const at::Tensor moved = sums_in_bounds(weights, claimed);
  const at::Tensor ratio = ((moved - 0.5) / (claimed.multiplier * claimed.multiplier)).exp();
  const at::Tensor total = (1 - claimed.rate + claimed.rate * ratio).log().sum(0).contiguous();
  return {total.data_ptr<double>(), total.data_ptr<double>() + total.numel()};
}

inline std::vector<bool> dealt(std::int64_t canaries, std::uint64_t seed) {
  Rng coins = Rng(seed).stream("canaries");
  std::vector<bool> in(static_cast<std::size_t>(canaries));
  for (std::size_t i = 0; i < in.size(); ++i) in[i] = coins.bernoulli(0.5);
  return in;
}

struct Found {
  OneRun run;
  double epsilon = 0;     // lower bound at the claim's delta, whatever the mechanism
  double mu = 0;          // lower bound of the Gaussian cost, whatever the mechanism
  double mu_of_each = 0;  // the same and much sharper, where no canary touches what is seen of another: true of the trainer
                          // as it is specified, so above the claim it refutes trainer or claim
};

// Each canary as a game of its own: named in where its ratio speaks for it.
inline Hits hits_of(const std::vector<double>& ratios, const std::vector<bool>& in) {
  Hits hits;
  for (std::size_t i = 0; i < in.size(); ++i) {
    ++(in[i] ? hits.positives : hits.negatives);
    if (ratios[i] > 0) ++(in[i] ? hits.true_positives : hits.false_positives);
  }
  return hits;
}

// `carried_out` is `claimed`, or what a faulty trainer does instead.
inline Found audit(const SampledSum& claimed, const SampledSum& carried_out, double delta, std::uint64_t seed) {
  const std::vector<bool> in = dealt(claimed.size, seed);
  const std::vector<double> ratios = scores(train(members(in), carried_out, seed), claimed);
  Found found{.run = guess_extremes(ratios, in, guesses_of(claimed.size))};
  found.epsilon = epsilon_lower_bound(found.run, delta, kConfidence);
  found.mu = mu_lower_bound(found.run, kConfidence);
  found.mu_of_each = mu_lower_bound(hits_of(ratios, in), 1 - kConfidence);
  return found;
}

}  // namespace understudy
