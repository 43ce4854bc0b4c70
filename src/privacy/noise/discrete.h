// Exact samplers on the integers: no floating point decides a draw (Canonne, Kamath and Steinke 2020, algorithms 1-3).
//
// Widths. A draw is decided by comparing 32 bits at a time with fractions whose denominator is below 2^96, in 128-bit
// integers. That holds for every Ratio that stands for a scale below 2^40 or a variance below 2^80 (a standard
// deviation of 2^20 subjects that are dealt in 2^20 units). What does not fit is ErrorKind::internal, never a rounded
// draw.
#pragma once

#include <cstdint>
#include <span>

#include "privacy/noise/coins.h"
#include "privacy/noise/source.h"

namespace understudy {

// A fraction; numerator below 2^90, denominator from 1 to below 2^62. Wide is an unsigned 128-bit integer.
struct Ratio {
  Wide numerator = 1;
  std::uint64_t denominator = 1;
  double value() const { return static_cast<double>(numerator) / static_cast<double>(denominator); }
};
// The smallest fraction with a denominator that is a power of two up to 2^61 and that is >= x: noise may only grow by
// rounding. Exact for every double in [2^-9, 2^80). x > 0.
Ratio ratio_above(double x);

bool bernoulli(NoiseSource& source, Ratio probability);             // probability in [0, 1], exactly
bool bernoulli_exp(NoiseSource& source, Ratio gamma);               // true with probability exp(-gamma), exactly
std::int64_t discrete_laplace(NoiseSource& source, Ratio scale);    // P(x) in proportion to exp(-|x| / scale)
std::int64_t discrete_gaussian(NoiseSource& source, Ratio variance);  // P(x) ... exp(-x^2 / (2 variance))

// A whole batch, drawn before any of it is released: what is seen of the time tells of no single draw.
void discrete_gaussian(NoiseSource& source, Ratio variance, std::span<std::int64_t> out);
void discrete_laplace(NoiseSource& source, Ratio scale, std::span<std::int64_t> out);

}  // namespace understudy
