// Exact samplers on the integers: no floating point decides a draw (Canonne, Kamath and Steinke 2020, algorithms 1-3).
#pragma once

#include <cstdint>
#include <span>

#include "privacy/noise/source.h"

namespace understudy {

// A positive fraction; both parts below 2^62.
struct Ratio {
  std::uint64_t numerator = 1;
  std::uint64_t denominator = 1;
  double value() const { return static_cast<double>(numerator) / static_cast<double>(denominator); }
};
// The smallest fraction with a power-of-two denominator (as fine as fits) that is >= x: noise may only grow by rounding.
Ratio ratio_above(double x);

bool bernoulli(NoiseSource& source, Ratio probability);             // probability in [0, 1], exactly
bool bernoulli_exp(NoiseSource& source, Ratio gamma);               // true with probability exp(-gamma), exactly
std::int64_t discrete_laplace(NoiseSource& source, Ratio scale);    // P(x) in proportion to exp(-|x| / scale)
// P(x) in proportion to exp(-x^2 / (2 variance)), exactly; variance up to 2^80 when whole (see the .cc for the widths).
std::int64_t discrete_gaussian(NoiseSource& source, Ratio variance);

// A whole batch, drawn before any of it is released: what is seen of the time tells of no single draw.
void discrete_gaussian(NoiseSource& source, Ratio variance, std::span<std::int64_t> out);
void discrete_laplace(NoiseSource& source, Ratio scale, std::span<std::int64_t> out);

}  // namespace understudy
