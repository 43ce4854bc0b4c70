// The logistic function and tanh of floats, in operations that a compiler turns into vectors: the C library's would be a
// call for each number.
//
// e^x = 2^n e^r with |r| <= ln(2) / 2, and e^r - 1 by its Taylor series to r^7, whose rest is below 6e-9. The error is below
// 3e-7 of the value; the logistic function of less than -87 is 1e-38 at most. NaN stays NaN. (Smooth.AgainstDoubles)
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>

namespace understudy::nn {

// The smaller one of x and `most`, both >= 0; NaN stays NaN. In integer operations: GCC turns a comparison with a constant
// into a branch, and a loop with a branch is no vector.
inline float at_most(float x, float most) {
  constexpr std::int32_t kInfinity = 0x7F800000;
  const auto bits = std::bit_cast<std::int32_t>(x), limit = std::bit_cast<std::int32_t>(most);
  const std::int32_t is_below = (bits - limit) >> 31, is_nan = (kInfinity - bits) >> 31;  // all bits or none
  return std::bit_cast<float>((bits & (is_below | is_nan)) | (limit & ~is_below));
}

struct Decay {  // e^-x = power (1 + rest), power of two
  float power, rest;
};

// Of x >= 0 or NaN. Beyond 87 as of 87, which is as good as infinity here.
inline Decay decay(float x) {
  constexpr float kRound = 12582912.0F;  // 1.5 2^23: added, it leaves the nearest integer in the low bits
  const float y = -at_most(x, 87.0F);
  const float shifted = y * 1.44269504F + kRound;
  const float n = shifted - kRound;
  // ln(2) in two parts; the first has few digits, so that n times it is exact.
  const float r = (y - n * 0.693359375F) + n * 2.12194440e-4F;
  float series = 1.0F / 5040;
  series = series * r + 1.0F / 720;
  series = series * r + 1.0F / 120;
  series = series * r + 1.0F / 24;
  series = series * r + 1.0F / 6;
  series = series * r + 0.5F;
  const std::uint32_t exponent = (std::bit_cast<std::uint32_t>(shifted) << 23) + 0x3F800000U;
  return {std::bit_cast<float>(exponent), r + r * r * series};
}

// 1 / (1 + e^-x), from e^-|x|.
inline float logistic(float x) {
  const Decay e = decay(std::abs(x));
  const float small = e.power + e.power * e.rest;
  return (std::bit_cast<std::int32_t>(x) < 0 ? small : 1.0F) / (1.0F + small);
}

// From e^(-2|x|) - 1, which keeps the digits of small x.
inline float tangent(float x) {
  const Decay e = decay(2.0F * std::abs(x));
  const float less = e.power * e.rest + (e.power - 1.0F);
  return std::copysign(less / (2.0F + less), x);
}

}  // namespace understudy::nn
