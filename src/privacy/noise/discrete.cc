#include "privacy/noise/discrete.h"

#include <cmath>

#include "understudy/error.h"

namespace understudy {
namespace {

constexpr Wide kNumerators = Wide{1} << 90;              // numerators are below
constexpr std::uint64_t kDenominators = std::uint64_t{1} << 62;
constexpr std::uint64_t kLongestRun = std::uint64_t{1} << 21;

// `least`: 0 where a ratio of 0 has a meaning, else 1.
void check(Ratio ratio, std::string_view name, unsigned least) {
  if (ratio.denominator == 0 || ratio.denominator >= kDenominators) {
    fail(ErrorKind::internal, "the denominator of the {} is {}; it must lie from 1 to below 2^62", name,
         ratio.denominator);
  }
  if (ratio.numerator < least || ratio.numerator >= kNumerators) {
    fail(ErrorKind::internal, "the numerator of the {} is {:g}; it must lie from {} to below 2^90", name,
         static_cast<double>(ratio.numerator), least);
  }
}

// P(k) in proportion to exp(-k), k >= 0. A run beyond the limit has probability exp(-2^21): it shows a broken source.
std::uint64_t geometric(Coins& coins) {
  std::uint64_t k = 0;
  while (coins.exp_minus_one()) ++k;
  if (k >= kLongestRun) {
    fail(ErrorKind::internal, "{} coins of probability 1/e in a row were heads; the noise source is broken", k);
  }
  return k;
}

// floor(sqrt(x)), bit by bit.
Wide square_root(Wide x) {
  Wide root = 0;
  for (Wide bit = Wide{1} << 63; bit != 0; bit >>= 1) {
    if ((root + bit) * (root + bit) <= x) root += bit;
  }
  return root;
}

// |X| for P(x) in proportion to exp(-|x| / whole), before the sign: the remainder by rejection, the quotient geometric.
Wide exponential_steps(Coins& coins, Wide whole) {
  while (true) {
    const Wide rest = coins.below(whole);
    if (coins.exp_fraction(rest, whole)) return rest + whole * geometric(coins);
  }
}

// Canonne, Kamath and Steinke 2020, algorithm 2: scale = numerator / denominator.
std::int64_t laplace(Coins& coins, Ratio scale) {
  while (true) {
    Wide size = exponential_steps(coins, scale.numerator);
    if (scale.denominator != 1) size /= scale.denominator;
    const bool negative = coins.flip();
    if (negative && size == 0) continue;  // else 0 would come twice
    return negative ? -static_cast<std::int64_t>(size) : static_cast<std::int64_t>(size);
  }
}

// Canonne, Kamath and Steinke 2020, algorithm 3, for variance a / b: a discrete Laplace of scale t = floor(sigma) + 1
// is accepted with probability exp(-(|y| - a / (b t))^2 b / (2 a)). With d = | |y| b t - a | the exponent is the
// product of d / a and d / (2 b t^2). Each is taken apart into its whole part and a fraction, and
//   exp(-(U + f)(V + g)) = exp(-1)^(U V) exp(-g)^U exp(-f)^V exp(-f g)
// is tossed factor by factor until one fails. Widths: a < 2^90 and b t^2 <= (sqrt(a) + sqrt(b))^2 < 2^91, so
// denominators are below 2^92; |y| < 2^22 t, so d < 2^113.
class Gaussian {
 public:
  explicit Gaussian(Ratio variance)
      : a_(variance.numerator), t_(square_root(variance.numerator / variance.denominator) + 1),
        bt_(t_ * variance.denominator), e_(2 * bt_ * t_) {}

  std::int64_t draw(Coins& coins) const {
    while (true) {
      const Wide size = exponential_steps(coins, t_);
      const bool negative = coins.flip();
      if ((negative && size == 0) || !accept(coins, size)) continue;
      return negative ? -static_cast<std::int64_t>(size) : static_cast<std::int64_t>(size);
    }
  }

 private:
  bool accept(Coins& coins, Wide size) const {
    const Wide product = size * bt_;
    const Wide d = product > a_ ? product - a_ : a_ - product;
    const Wide u = quotient(d, a_), v = quotient(d, e_);
    const Wide f = d - u * a_, g = d - v * e_;
    for (Wide i = 0; i < u * v; ++i) {
      if (!coins.exp_minus_one()) return false;
    }
    for (Wide i = 0; i < u; ++i) {
      if (!coins.exp_fraction(g, e_)) return false;
    }
    for (Wide i = 0; i < v; ++i) {
      if (!coins.exp_fraction(f, a_)) return false;
    }
    return coins.exp_product(f, a_, g, e_);
  }
  static Wide quotient(Wide n, Wide d) { return n < d ? 0 : n < 2 * d ? 1 : n / d; }

  Wide a_, t_, bt_, e_;
};

void check_size(Ratio ratio, std::string_view name, int bits) {
  check(ratio, name, 1);
  if (ratio.numerator / ratio.denominator >> bits != 0) {
    fail(ErrorKind::internal, "the {} is {:g}; it must be below 2^{}", name, ratio.value(), bits);
  }
}

}  // namespace

Ratio ratio_above(double x) {
  if (!(x > 0 && x < 0x1p80)) fail(ErrorKind::internal, "{} is no positive number below 2^80 and has no ratio", x);
  int exponent = 0;
  const double mantissa = std::frexp(x, &exponent);          // x = mantissa 2^exponent, mantissa in [1/2, 1)
  auto digits = static_cast<std::uint64_t>(std::ldexp(mantissa, 53));
  int shift = exponent - 53;                                 // x = digits 2^shift
  while (shift < 0 && digits % 2 == 0) digits /= 2, ++shift;
  for (; shift < -61; ++shift) digits = digits / 2 + digits % 2;
  while (shift < 0 && digits % 2 == 0) digits /= 2, ++shift;
  if (shift >= 0) return {static_cast<Wide>(digits) << shift, 1};
  return {digits, std::uint64_t{1} << -shift};
}

bool bernoulli(NoiseSource& source, Ratio probability) {
  check(probability, "probability", 0);
  if (probability.numerator > probability.denominator) {
    fail(ErrorKind::internal, "a probability is {:g}; it may be at most 1", probability.value());
  }
  return Coins(source).bernoulli(probability.numerator, probability.denominator);
}

bool bernoulli_exp(NoiseSource& source, Ratio gamma) {
  check(gamma, "exponent", 0);
  return Coins(source).exp_minus(gamma.numerator, gamma.denominator);
}

void discrete_laplace(NoiseSource& source, Ratio scale, std::span<std::int64_t> out) {
  check_size(scale, "scale of discrete Laplace noise", 40);
  Coins coins(source);
  for (auto& x : out) x = laplace(coins, scale);
}

std::int64_t discrete_laplace(NoiseSource& source, Ratio scale) {
  std::int64_t x = 0;
  discrete_laplace(source, scale, {&x, 1});
  return x;
}

void discrete_gaussian(NoiseSource& source, Ratio variance, std::span<std::int64_t> out) {
  check_size(variance, "variance of discrete Gaussian noise", 80);
  const Gaussian gaussian(variance);
  Coins coins(source);
  for (auto& x : out) x = gaussian.draw(coins);
}

std::int64_t discrete_gaussian(NoiseSource& source, Ratio variance) {
  std::int64_t x = 0;
  discrete_gaussian(source, variance, {&x, 1});
  return x;
}

}  // namespace understudy
