#include "privacy/accountants/loss_pair.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "privacy/accountants/gaussian_events.h"

namespace understudy {
namespace {

// e^loss must stay finite; what lies beyond counts as infinite.
constexpr double kLargestLoss = 650;

// The shifted double exponential. Between its two atoms at -epsilon and epsilon, P[loss > l] = 1 - e^((l -
// epsilon)/2)/2 and Q[loss > l] = e^(-(l + epsilon)/2)/2.
class Laplace : public LossPair {
 public:
  explicit Laplace(double epsilon) : epsilon_(epsilon) {}
  Range range(double) const override { return {-epsilon_, epsilon_}; }

  void fill(LossGrid& grid) const override {
    grid.add_atom(epsilon_, 0.5);
    grid.add_atom(-epsilon_, std::exp(-epsilon_) / 2);
    for (std::int64_t k = grid.first(); k < grid.last(); ++k) {
      const double a = std::max(-epsilon_, static_cast<double>(k) * grid.interval());
      const double b = std::min(epsilon_, static_cast<double>(k + 1) * grid.interval());
      if (a >= b) continue;
      const double growth = std::expm1((b - a) / 2), low = std::exp((a - epsilon_) / 2);
      grid.add_cell(k, low * growth / 2, std::exp(-(b + epsilon_) / 2) * growth / 2);
    }
  }

 private:
  double epsilon_;
};

// The envelope of all pairs whose loss lies in [t - epsilon, t], 0 <= t <= epsilon: with A = e^(epsilon/2),
// P[loss > l] = A (A - e^(l/2)) / (A^2 - 1), Q[loss > l] = (A e^(-l/2) - 1) / (A^2 - 1).
class BoundedRange : public LossPair {
 public:
  explicit BoundedRange(double epsilon) : epsilon_(epsilon) {}
  Range range(double) const override { return {-epsilon_, epsilon_}; }

  void fill(LossGrid& grid) const override {
    const double scale = 1 / -std::expm1(-epsilon_);  // A^2 / (A^2 - 1)
    for (std::int64_t k = grid.first(); k < grid.last(); ++k) {
      const double a = std::max(-epsilon_, static_cast<double>(k) * grid.interval());
      const double b = std::min(epsilon_, static_cast<double>(k + 1) * grid.interval());
      if (a >= b) continue;
      const double growth = std::expm1((b - a) / 2), low = std::exp((a - epsilon_) / 2);
      grid.add_cell(k, scale * low * growth, scale * std::exp(-(b + epsilon_) / 2) * growth);
    }
  }

 private:
  double epsilon_;
};

struct Atom {
  double loss, p;
};

class Atoms : public LossPair {
 public:
  explicit Atoms(std::vector<Atom> atoms) : atoms_(std::move(atoms)) {}
  Range range(double) const override {
    const auto [low, high] =
        std::minmax_element(atoms_.begin(), atoms_.end(), [](auto& a, auto& b) { return a.loss < b.loss; });
    return {low->loss, high->loss};
  }
  void fill(LossGrid& grid) const override {
    for (const Atom& atom : atoms_) grid.add_atom(atom.loss, atom.p);
  }

 private:
  std::vector<Atom> atoms_;
};

Atoms randomised_response(double epsilon, double choices) {
  const double others = std::exp(-epsilon);
  const double total = 1 + (choices - 1) * others;
  return Atoms({{epsilon, 1 / total}, {-epsilon, others / total}, {0, (choices - 2) * others / total}});
}

// Shift by `shift` whole steps; the loss at x is (|x - shift| - |x|) / scale.
// Larger shifts than this are not worth their atoms.
constexpr double kMostAtoms = 4096;

Atoms discrete_laplace(std::int64_t shift, double scale) {
  const double alpha = std::exp(-1 / scale), norm = 1 + alpha;
  const double top = static_cast<double>(shift) / scale;
  std::vector<Atom> atoms = {{top, 1 / norm}, {-top, std::exp(-top) / norm}};
  for (std::int64_t x = 1; x < shift; ++x) {
    const double p = -std::expm1(-1 / scale) / norm * std::exp(-static_cast<double>(x) / scale);
    atoms.push_back({static_cast<double>(shift - 2 * x) / scale, p});
  }
  return Atoms(std::move(atoms));
}

// A Gaussian tail that knows on which side of its centre it is, so that differences keep their precision.
struct Tail {
  double z = -HUGE_VAL;
  double mass = 0;  // beyond z: above for z > 0, below otherwise
};

Tail tail_at(double z) { return {z, std::erfc(std::abs(z) * std::sqrt(0.5)) / 2}; }

double mass_between(const Tail& a, const Tail& b) {
  if (a.z > 0) return a.mass - b.mass;
  if (b.z <= 0) return b.mass - a.mass;
  return 1 - a.mass - b.mass;
}

// erfc's relative error grows with z^2 times that of its argument.
double noise_of(const Tail& tail) { return std::isinf(tail.z) ? 0 : 4e-16 * (1 + tail.z * tail.z) * tail.mass; }

double below(const Tail& tail) { return tail.z > 0 ? 1 - tail.mass : tail.mass; }
double above(const Tail& tail) { return tail.z > 0 ? tail.mass : 1 - tail.mass; }

// Components of a mixture beyond this total weight are left out.
constexpr double kLeastWeight = 1e-25;

// P[Bin(n, q) > k] for k > n q, by Chernoff's bound.
double binomial_tail_bound(double n, double k, double q) {
  const double p = (k + 1) / n;
  if (p > 1) return 0;
  const double other = p < 1 ? (1 - p) * std::log((1 - p) / (1 - q)) : 0;
  return std::exp(-n * (p * std::log(p / q) + other));
}

class Mixture : public LossPair {
 public:
  Mixture(double mu, double rate, std::int64_t records) : sigma_(1 / mu) {
    const auto n = static_cast<double>(records);
    double rest = 1;
    for (std::int64_t i = 0; i <= records && rest > kLeastWeight; ++i) {
      const auto k = static_cast<double>(i);
      const double choose = std::lgamma(n + 1) - std::lgamma(k + 1) - std::lgamma(n - k + 1);
      const double stay = i == records ? 0 : (n - k) * std::log1p(-rate);
      log_weights_.push_back(choose + k * std::log(rate) + stay);
      if (k > n * rate) rest = binomial_tail_bound(n, k, rate);
    }
    if (log_weights_.size() <= static_cast<std::size_t>(records)) dropped_ = kLeastWeight;
  }

  Range range(double tail) const override {
    const double z = tail_quantile(tail);
    const double highest = highest_component(tail);
    const double low = -z * sigma_;
    const double high = std::min(highest + z * sigma_, mixture_quantile(tail, highest));
    return {std::max(loss(low), -kLargestLoss), std::min(loss(high), kLargestLoss)};
  }

  void fill(LossGrid& grid) const override {
    std::vector<Tail> at(log_weights_.size()), next(at.size());
    double x = place(grid.first(), grid.interval(), -HUGE_VAL);
    set_tails(x, at);
    grid.add_below(mixture(at, below), below(at[0]));
    for (std::int64_t k = grid.first(); k < grid.last(); ++k) {
      x = place(k + 1, grid.interval(), x);
      set_tails(x, next);
      add_cell(grid, k, at, next);
      at.swap(next);
    }
    grid.add_above(mixture(at, above) + dropped_, above(at[0]));
  }

 private:
  static double tail_quantile(double tail) { return std::sqrt(2 * std::log(1 / tail)); }  // P[N > z] < tail
  double weight(std::size_t i) const { return std::exp(log_weights_[i]); }

  // The least i such that more than i records take part with probability at most `tail`.
  double highest_component(double tail) const {
    double rest = 0;
    std::size_t i = log_weights_.size() - 1;
    while (i > 0 && rest + weight(i) <= tail) rest += weight(i--);
    return static_cast<double>(i);
  }

  // An x beyond which the mixture has at most mass `tail`.
  double mixture_quantile(double tail, double highest) const {
    double low = 0, high = highest + tail_quantile(tail) * sigma_;
    std::vector<Tail> tails(log_weights_.size());
    for (int k = 0; k < 40; ++k) {
      const double middle = (low + high) / 2;
      set_tails(middle, tails);
      (mixture(tails, above) > tail ? low : high) = middle;
    }
    return high;
  }

  double exponent(std::size_t i, double x) const {
    const auto k = static_cast<double>(i);
    return log_weights_[i] + k * (x - k / 2) / (sigma_ * sigma_);
  }

  // log of the mixture's density over that of N(0, sigma^2), and its slope.
  double loss(double x, double* slope = nullptr) const {
    double largest = -HUGE_VAL;
    for (std::size_t i = 0; i < log_weights_.size(); ++i) largest = std::max(largest, exponent(i, x));
    double sum = 0, moment = 0;
    for (std::size_t i = 0; i < log_weights_.size(); ++i) {
      const double term = std::exp(exponent(i, x) - largest);
      sum += term;
      moment += static_cast<double>(i) * term;
    }
    if (slope != nullptr) *slope = moment / (sum * sigma_ * sigma_);
    return largest + std::log(sum);
  }

  // The x with this loss when only the first two components exist: never less than the true one.
  double two_component_place(double target) const {
    const double variance = sigma_ * sigma_;
    if (!std::isfinite(log_weights_[0])) return target * variance - log_weights_[1] * variance + 0.5;
    const double excess = target - log_weights_[0];
    if (excess <= 0) return -HUGE_VAL;
    const double log_excess = excess > 1 ? excess + std::log1p(-std::exp(-excess)) : std::log(std::expm1(excess));
    return variance * (log_excess + log_weights_[0] - log_weights_[1]) + 0.5;
  }

  // The x whose loss is `index` * `interval`; `previous` is that of the grid point below. The loss is convex in x:
  // Newton's method comes down from the right without overshooting.
  double place(std::int64_t index, double interval, double previous) const {
    const double target = static_cast<double>(index) * interval;
    double x = two_component_place(target);
    if (log_weights_.size() == 2 || std::isinf(x)) return x;
    double slope = 0;
    if (std::isfinite(previous)) {
      const double at = loss(previous, &slope);
      x = std::min(x, previous + (target - at) / slope);
    }
    for (int k = 0; k < 100; ++k) {
      const double step = (loss(x, &slope) - target) / slope;
      x -= step;
      if (std::abs(step) <= 1e-13 * std::max(sigma_, std::abs(x))) break;
    }
    return x;
  }

  void set_tails(double x, std::vector<Tail>& tails) const {
    for (std::size_t i = 0; i < tails.size(); ++i) {
      tails[i] = std::isinf(x) ? Tail{} : tail_at((x - static_cast<double>(i)) / sigma_);
    }
  }

  template <class Part>
  double mixture(const std::vector<Tail>& tails, const Part& part) const {
    double sum = 0;
    for (std::size_t i = 0; i < tails.size(); ++i) sum += weight(i) * part(tails[i]);
    return sum;
  }

  void add_cell(LossGrid& grid, std::int64_t k, const std::vector<Tail>& at, const std::vector<Tail>& next) const {
    double p = 0, noise = 0;
    for (std::size_t i = 0; i < at.size(); ++i) {
      p += weight(i) * mass_between(at[i], next[i]);
      noise += weight(i) * (noise_of(at[i]) + noise_of(next[i]));
    }
    const double scale = std::exp(static_cast<double>(k) * grid.interval());
    noise += scale * (noise_of(at[0]) + noise_of(next[0]));
    grid.add_cell(k, p, mass_between(at[0], next[0]), noise);
  }

  double sigma_;
  std::vector<double> log_weights_;
  double dropped_ = 0;  // mass of components that are left out: it counts as infinite loss
};

}  // namespace

TwoWayLosses LossPair::discretise(double interval, double tail, double failure) const {
  const Range losses = range(tail);
  const auto first = static_cast<std::int64_t>(std::floor(losses.low / interval));
  const auto last = static_cast<std::int64_t>(std::ceil(losses.high / interval));
  LossGrid grid(interval, first, std::max(last, first + 1));
  fill(grid);
  return std::move(grid).finish(failure);
}

std::unique_ptr<LossPair> gaussian_pair(double mu) { return std::make_unique<Mixture>(mu, 1.0, 1); }

std::unique_ptr<LossPair> sampled_gaussian_pair(double mu, double rate, std::int64_t records) {
  return std::make_unique<Mixture>(mu, rate, records);
}

std::unique_ptr<LossPair> make_loss_pair(const PrivacyEvent& event) {
  if (pure_epsilon(event) > kLargestLoss) return nullptr;
  switch (event.kind) {
    case EventKind::laplace:
      return std::make_unique<Laplace>(event.sensitivity / event.noise);
    case EventKind::discrete_laplace: {
      const double shift = std::ceil(event.sensitivity);  // a sum of integers moves by whole steps
      if (shift <= kMostAtoms) {
        return std::make_unique<Atoms>(discrete_laplace(static_cast<std::int64_t>(shift), event.noise));
      }
      // Its curve lies below that of a Laplace pair a little wider (docs/privacy/accounting.md).
      return std::make_unique<Laplace>(shift / event.noise + 2 * std::log(std::cosh(0.5 / event.noise)));
    }
    case EventKind::randomised_response:
      return std::make_unique<Atoms>(randomised_response(event.epsilon, static_cast<double>(event.choices)));
    case EventKind::pure:
      return std::make_unique<Atoms>(randomised_response(event.epsilon, 2));
    case EventKind::bounded_range:
      return std::make_unique<BoundedRange>(event.epsilon);
    default:
      return nullptr;
  }
}

}  // namespace understudy
