// Softmax of short rows in floats, written so that the compiler works on several numbers at once.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>

namespace understudy {

// e^x for x in [-87, 0], 0 below; relative error at most 3e-7 (softmax_test.cc). x = k ln 2 + r with |r| <= ln(2) / 2, and
// Taylor's series of e^r.
inline float exponential(float x) {
  constexpr float kLog2e = 1.44269504088896341F, kLow = -87.0F;
  constexpr float kHigh = 0.693145751953125F, kRest = 1.42860682030941723e-6F;  // ln 2 in two parts
  const float bounded = x > kLow ? x : kLow;
  const float shifted = bounded * kLog2e + 12582912.0F;  // 1.5 * 2^23: its last bits are the nearest whole number
  const float k = shifted - 12582912.0F;
  const float r = (bounded - k * kHigh) - k * kRest;
  const float series =
      1 + r * (1 + r * (0.5F + r * (1.0F / 6 + r * (1.0F / 24 + r * (1.0F / 120 + r * (1.0F / 720))))));
  const std::uint32_t scale = (std::bit_cast<std::uint32_t>(shifted) + 127) << 23;
  return x > kLow ? series * std::bit_cast<float>(scale) : 0.0F;
}

// row <- e^(row - its largest number); returns the sum, at least 1. The largest number: in `largest`.
inline float exponentials(float* row, std::int64_t size, float& largest) {
  float most = row[0];
#pragma omp simd reduction(max : most)
  for (std::int64_t i = 0; i < size; ++i) most = row[i] > most ? row[i] : most;
  float sum = 0;
#pragma omp simd reduction(+ : sum)
  for (std::int64_t i = 0; i < size; ++i) {
    row[i] = exponential(row[i] - most);
    sum += row[i];
  }
  largest = most;
  return sum;
}

}  // namespace understudy
