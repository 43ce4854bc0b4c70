#include "privacy/noise/weighted_choice.h"

#include <algorithm>
#include <boost/multiprecision/cpp_int.hpp>
#include <vector>

namespace understudy {
namespace {

using Big = boost::multiprecision::cpp_int;

constexpr int kFirstBits = 60;   // products of two numbers up to 2^60 and a weight fit Wide
constexpr int kNextBits = 192;   // doubled from there on

// A real number lies between the two, in units of 2^-bits.
template <class Integer>
struct Between {
  Integer low, high;
};

// floor(n 2^bits / d), by long division in digits of 30 bits.
template <class Integer>
Integer fixed_point(Wide n, Wide d, int bits) {
  Integer result = static_cast<Integer>(n / d);
  Wide rest = n % d;
  while (bits > 0) {
    const int step = std::min(bits, 30);
    rest <<= step;
    result = (result << step) + static_cast<Integer>(rest / d);
    rest %= d;
    bits -= step;
  }
  return result;
}

// exp(-n / d): the series of exp at x = n / d / 2^halvings <= 1/2, then as many squarings. Rounding, all downwards:
// x is off by less than one unit; a term by less than 4 (the error of the last one halved, and 2 of its own); the
// series alternates, so it ends within its first term that is below one unit, itself off by less than 4.
template <class Integer>
Between<Integer> exp_minus(Wide n, Wide d, int bits) {
  const Integer one = Integer(1) << bits;
  if (n == 0) return {one, one};
  if (n / d >= static_cast<Wide>(bits)) return {0, 1};
  int halvings = 1;
  while ((n / d + 1) >> (halvings - 1) != 0 && halvings < bits) ++halvings;
  const Integer x = fixed_point<Integer>(n, d, bits - halvings);
  Integer sum = one, term = one, error = 9;
  for (int k = 1; term != 0; ++k) {
    term = ((term * x) >> bits) / k;
    sum = k % 2 == 1 ? Integer(sum - term) : Integer(sum + term);
    error += 4;
  }
  Between<Integer> result = {sum > error ? Integer(sum - error) : Integer(0), std::min(one, Integer(sum + error))};
  for (int i = 0; i < halvings; ++i) {
    result.low = (result.low * result.low) >> bits;
    result.high = std::min(one, Integer(((result.high * result.high) >> bits) + 1));
  }
  return result;
}

// A uniform number in [0, 1) of which as many bits are drawn as are needed.
struct Uniform {
  Big digits = 0;
  unsigned bits = 0;

  void extend(Coins& coins, int at_least) {
    while (bits < static_cast<unsigned>(at_least)) {
      digits = (digits << 32) + coins.word();
      bits += 32;
    }
  }
};

// The index whose part of the total the number falls into, where bounds of `bits` bits decide it; else the size.
template <class Integer>
std::size_t decide(std::span<const Wide> exponents, Wide divisor, std::span<const std::uint64_t> weights,
                   const Uniform& uniform, int bits) {
  const std::size_t size = exponents.size();
  std::vector<Between<Integer>> sums(size);
  Between<Integer> sum = {0, 0};
  std::size_t last = 0;
  for (std::size_t i = 0; i < size; ++i) {
    const std::uint64_t weight = weights.empty() ? 1 : weights[i];
    if (weight != 0) {
      const auto part = exp_minus<Integer>(exponents[i], divisor, bits);
      sum.low += part.low * weight;
      sum.high += part.high * weight;
      last = i;
    }
    sums[i] = sum;
  }
  const auto low = static_cast<Integer>((uniform.digits * Big(sum.low)) >> uniform.bits);
  const auto high = static_cast<Integer>(((uniform.digits + 1) * Big(sum.high)) >> uniform.bits) + 1;
  const auto end = sums.begin() + static_cast<std::ptrdiff_t>(last);
  const auto found = std::partition_point(sums.begin(), end, [&](const auto& s) { return s.low < high; });
  const bool decided = found == sums.begin() || std::prev(found)->high <= low;
  return decided ? static_cast<std::size_t>(found - sums.begin()) : size;
}

}  // namespace

// The number is drawn bit by bit and the weights are computed as finely as it takes to tell where it falls, so that
// what is chosen does not depend on any rounding.
std::size_t weighted_choice(Coins& coins, std::span<const Wide> exponents, Wide divisor,
                            std::span<const std::uint64_t> weights) {
  Uniform uniform;
  uniform.extend(coins, kFirstBits);
  std::size_t chosen = decide<Wide>(exponents, divisor, weights, uniform, kFirstBits);
  for (int bits = kNextBits; chosen == exponents.size(); bits *= 2) {
    uniform.extend(coins, bits);
    chosen = decide<Big>(exponents, divisor, weights, uniform, bits);
  }
  return chosen;
}

}  // namespace understudy
