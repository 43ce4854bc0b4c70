#include "privacy/noise/selection.h"

#include <algorithm>
#include <numeric>
#include <vector>

#include "privacy/noise/weighted_choice.h"
#include "understudy/error.h"

namespace understudy {
namespace {

constexpr std::int64_t kLargest = std::int64_t{1} << 62;
constexpr Wide kDivisors = Wide{1} << 96;

void check_score(std::int64_t score) {
  if (score < -kLargest || score > kLargest) {
    fail(ErrorKind::internal, "a score is {}; it must lie within +-2^62", score);
  }
}

void check_charge(std::int64_t sensitivity, Ratio epsilon) {
  if (sensitivity < 1 || sensitivity > kLargest) {
    fail(ErrorKind::internal, "the sensitivity of the scores is {}; it must lie from 1 to 2^62 units", sensitivity);
  }
  if (epsilon.numerator < 1 || epsilon.numerator >= Wide{1} << 62 || epsilon.denominator < 1 ||
      epsilon.denominator >= std::uint64_t{1} << 62) {
    fail(ErrorKind::internal, "epsilon is {:g} / {}; both must lie from 1 to below 2^62",
         static_cast<double>(epsilon.numerator), epsilon.denominator);
  }
}

// Candidate i has factor exp(-steps[i] / divisor), 1 for the best.
struct Candidates {
  std::vector<Wide> steps;
  Wide divisor = 1;
};

Candidates candidates(std::span<const std::int64_t> scores, std::span<const std::uint64_t> weights,
                      std::int64_t sensitivity, Ratio epsilon) {
  check_charge(sensitivity, epsilon);
  const auto counts = [&](std::size_t i) { return weights.empty() || weights[i] != 0; };
  std::int64_t best = -kLargest - 1;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    check_score(scores[i]);
    if (counts(i)) best = std::max(best, scores[i]);
  }
  if (best < -kLargest) fail(ErrorKind::internal, "none of {} candidates has a weight above 0", scores.size());
  Candidates result;
  result.divisor = static_cast<Wide>(2 * static_cast<std::uint64_t>(sensitivity)) * epsilon.denominator;
  if (result.divisor >= kDivisors) {
    fail(ErrorKind::internal, "2 x sensitivity {} x epsilon's denominator {} is 2^96 or more; take a coarser epsilon",
         sensitivity, epsilon.denominator);
  }
  for (std::size_t i = 0; i < scores.size(); ++i) {
    const std::uint64_t gap = static_cast<std::uint64_t>(best) - static_cast<std::uint64_t>(scores[i]);
    result.steps.push_back(counts(i) ? gap * epsilon.numerator : 0);
  }
  return result;
}

void check_weights(std::size_t scores, std::span<const std::uint64_t> weights) {
  if (weights.empty()) return;
  if (weights.size() != scores) fail(ErrorKind::internal, "{} scores with {} weights", scores, weights.size());
  Wide sum = 0;
  for (const auto weight : weights) sum += weight;
  if (sum >> 64 != 0) {
    fail(ErrorKind::internal, "the weights sum to {:g}; the sum must be below 2^64", static_cast<double>(sum));
  }
}

// `factor` sensitivity / (`divisor` epsilon).
Ratio noise_scale(std::uint64_t factor, std::uint64_t divisor, std::int64_t sensitivity, Ratio epsilon) {
  const auto numerator = static_cast<std::uint64_t>(epsilon.numerator);
  const std::uint64_t common = std::gcd(epsilon.denominator, numerator);
  const Wide top = static_cast<Wide>(static_cast<std::uint64_t>(sensitivity)) * (epsilon.denominator / common);
  const Wide bottom = static_cast<Wide>(numerator / common) * divisor;
  if (top >> 86 != 0 || bottom >> 62 != 0) {
    fail(ErrorKind::internal, "sensitivity {} over epsilon {} / {} does not fit; take a coarser epsilon", sensitivity,
         numerator, epsilon.denominator);
  }
  return {factor * top, static_cast<std::uint64_t>(bottom)};
}

}  // namespace

std::size_t exponential(NoiseSource& source, std::span<const std::int64_t> scores, std::int64_t sensitivity,
                        Ratio epsilon, std::span<const std::uint64_t> weights) {
  check_weights(scores.size(), weights);
  const auto [steps, divisor] = candidates(scores, weights, sensitivity, epsilon);
  Coins coins(source);
  return weighted_choice(coins, steps, divisor, weights);
}

std::size_t permute_and_flip(NoiseSource& source, std::span<const std::int64_t> scores, std::int64_t sensitivity,
                             Ratio epsilon) {
  const auto [steps, divisor] = candidates(scores, {}, sensitivity, epsilon);
  Coins coins(source);
  std::vector<std::size_t> left(scores.size());
  std::iota(left.begin(), left.end(), std::size_t{0});
  while (true) {  // ends at the latest with the best candidate, whose coin is certain
    const auto at = static_cast<std::size_t>(coins.below(left.size()));
    const std::size_t candidate = left[at];
    if (coins.exp_minus(steps[candidate], divisor)) return candidate;
    left[at] = left.back();
    left.pop_back();
  }
}

std::optional<std::size_t> above_threshold(NoiseSource& source, std::size_t count,
                                           const std::function<std::int64_t(std::size_t)>& score,
                                           std::int64_t threshold, std::int64_t sensitivity, Ratio epsilon) {
  check_charge(sensitivity, epsilon);
  check_score(threshold);
  const Ratio of_threshold = noise_scale(5, 2, sensitivity, epsilon);
  const Ratio of_scores = noise_scale(10, 3, sensitivity, epsilon);
  __extension__ using Sum = __int128;
  const Sum bar = Sum{threshold} + discrete_laplace(source, of_threshold);
  for (std::size_t i = 0; i < count; ++i) {
    const std::int64_t value = score(i);
    check_score(value);
    if (Sum{value} + discrete_laplace(source, of_scores) >= bar) return i;
  }
  return std::nullopt;
}

}  // namespace understudy
