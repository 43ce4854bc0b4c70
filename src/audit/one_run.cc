// Why a curve bounds the number of right guesses (for mu_lower_bound). Let W be the number of right guesses, p_i = P[W = i],
// and F(x) = Phi(Phi^-1(x) + mu): of mu-Gaussian-DP, P[E] <= F(P'[E]) for the probabilities of an event on neighbours.
// Take a canary j and a number l. "j is named rightly and W >= l" is "l - 1 or more of the others are, and j is named as its
// coin says"; with j's coin turned the same event of the output is "j is named wrongly and W >= l - 1". Averaged over
// both sides of the coin and over the canaries, F being concave:
//   A_l <= F(B_l),   A_l = (1/m) sum over i >= l of i p_i,   B_l = (1/m) sum over i >= l - 1 of (r - i) p_i.
// Suppose P[W >= v] = tail. With a = A_l and b = B_{l+1}, which add up to r/m P[W >= l], the least that each p_i below v
// must be follows from v downwards; when all together need more than 1, such a tail cannot be.
//   Least: start with all of the tail at W = v, then take each b as small as F^-1(a) allows. That no other choice needs
// less follows step by step: write a' and b' for another choice at the same l; then a' >= a, a' + b' >= a + b and
// a' - a >= (b' - b) l / (r - l) hold at the start and carry over to l - 1, as l / (r - l) falls with l.
//   Tails above one that cannot be cannot be either: the allowed p are a convex set that holds "W is 0 for certain".
#include "audit/one_run.h"

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <cmath>
#include <numeric>

#include "privacy/accountants/normal.h"
#include "understudy/error.h"

namespace understudy {
namespace {

void check_run(const OneRun& run) {
  if (!(1 <= run.guesses && run.guesses <= run.canaries && 0 <= run.correct && run.correct <= run.guesses)) {
    fail(ErrorKind::usage, "{} right guesses of {} on {} canaries; 0 <= right <= guesses <= canaries and a guess are needed",
         run.correct, run.guesses, run.canaries);
  }
}

void check_confidence(double confidence) {
  if (!(0 < confidence && confidence < 1)) {
    fail(ErrorKind::usage, "confidence is {}; it must lie between 0 and 1", confidence);
  }
}

// The largest x in [0, 64] with refuted(x), which holds below it; 0 when nothing is refuted.
template <class F>
double largest(const F& refuted) {
  double low = 0, high = 64;
  while (high - low > 1e-9) {
    const double middle = (low + high) / 2;
    (refuted(middle) ? low : high) = middle;
  }
  return low;
}

// F^-1(y) = Phi(Phi^-1(y) - mu).
double shrunk(double y, double mu) {
  if (y <= 0 || y >= 1) return y;
  return normal_survival(upper_normal_quantile(std::log(y)) + mu);
}

// Whether v or more right guesses have a probability below `tail` for every mu-Gaussian-DP mechanism.
bool is_refuted(const OneRun& run, double mu, double tail) {
  const auto canaries = static_cast<double>(run.canaries), guesses = static_cast<double>(run.guesses);
  double a = tail * static_cast<double>(run.correct) / canaries;
  double b = tail * (guesses - static_cast<double>(run.correct)) / canaries;
  for (std::int64_t i = run.correct - 1; i >= 0; --i) {
    const double least = shrunk(a, mu);
    if (least <= b) return false;  // nothing more is needed at any lower i
    a += static_cast<double>(i) / (guesses - static_cast<double>(i)) * (least - b);
    b = least;
    if (a + b > guesses / canaries) return true;
  }
  return false;
}

}  // namespace

double one_run_p_value(const OneRun& run, double epsilon, double delta) {
  check_run(run);
  if (!(epsilon >= 0 && 0 <= delta && delta <= 1)) {
    fail(ErrorKind::usage, "epsilon {} and delta {}; epsilon must be 0 or more, delta lie in [0, 1]", epsilon, delta);
  }
  const boost::math::binomial_distribution<double> law(static_cast<double>(run.guesses), 1 / (1 + std::exp(-epsilon)));
  if (run.correct == 0) return 1;
  const double chance = boost::math::cdf(boost::math::complement(law, static_cast<double>(run.correct - 1)));
  double below = 0, steepest = 0;
  for (std::int64_t i = 1; i <= run.correct; ++i) {
    below += boost::math::pdf(law, static_cast<double>(run.correct - i));
    steepest = std::max(steepest, below / static_cast<double>(i));
  }
  return std::min(1.0, chance + 2 * static_cast<double>(run.canaries) * delta * steepest);
}

double epsilon_lower_bound(const OneRun& run, double delta, double confidence) {
  check_confidence(confidence);
  return largest([&](double epsilon) { return one_run_p_value(run, epsilon, delta) <= 1 - confidence; });
}

double mu_lower_bound(const OneRun& run, double confidence) {
  check_run(run);
  check_confidence(confidence);
  return largest([&](double mu) { return is_refuted(run, mu, 1 - confidence); });
}

OneRun guess_extremes(std::span<const double> scores, const std::vector<bool>& in, std::int64_t guesses) {
  OneRun run{.canaries = static_cast<std::int64_t>(scores.size()), .guesses = guesses, .correct = 0};
  check_run(run);
  if (in.size() != scores.size()) fail(ErrorKind::usage, "{} scores for {} canaries", scores.size(), in.size());
  std::vector<std::size_t> order(scores.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return scores[a] < scores[b]; });
  const auto named_out = static_cast<std::size_t>(guesses / 2);
  const std::size_t first_in = order.size() - (static_cast<std::size_t>(guesses) - named_out);
  for (std::size_t i = 0; i < named_out; ++i) run.correct += in[order[i]] ? 0 : 1;
  for (std::size_t i = first_in; i < order.size(); ++i) run.correct += in[order[i]] ? 1 : 0;
  return run;
}

double best_mu_lower_bound(std::span<const double> scores, const std::vector<bool>& in, std::span<const std::int64_t> guesses,
                           double confidence) {
  check_confidence(confidence);
  double best = 0;
  for (const std::int64_t number : guesses) {
    const double share = (1 - confidence) / static_cast<double>(guesses.size());
    best = std::max(best, mu_lower_bound(guess_extremes(scores, in, number), 1 - share));
  }
  return best;
}

}  // namespace understudy
