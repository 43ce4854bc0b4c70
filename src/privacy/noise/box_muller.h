// Two normals from 128 uniform bits (Box and Muller 1958), written so that the compiler works on several pairs at once:
// no branch, no call but the square root, only operations that vector registers have.
//
// With U uniform in (0, 1] and the angle (s, c) uniform on the circle, sqrt(-2 ln U) (c, s) is a pair of independent
// normals. The series are Taylor's, long enough that what is left out is below 1e-16; gaussian_stream_test.cc measures
// their errors.
#pragma once

#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>

namespace understudy::box_muller {

inline constexpr std::uint64_t kMantissa = (std::uint64_t{1} << 52) - 1;
inline constexpr std::uint64_t kSign = std::uint64_t{1} << 63;
inline constexpr std::uint64_t kOne = 0x3ff0000000000000;             // the bits of 1.0
inline constexpr std::uint64_t kTwo52 = 0x4330000000000000;           // of 2^52: a double whose last bit counts 1
inline constexpr std::uint64_t kTwo84 = 0x4530000000000000;           // of 2^84: its last bit counts 2^32

// (word + 1/2) / 2^64, in (0, 1]: its two halves are put into the mantissas of 2^84 and 2^52.
inline double unit(std::uint64_t word) {
  const double high = std::bit_cast<double>(kTwo84 | word >> 32) - 0x1p84;
  const double low = std::bit_cast<double>(kTwo52 | (word & 0xffffffff)) - (0x1p52 - 0.5);
  return (high + low) * 0x1p-64;
}

// c[0] + c[1] x + c[2] x^2 + ...
template <std::size_t size>
inline double series(const std::array<double, size>& c, double x) {
  double sum = c[size - 1];
  for (std::size_t i = size - 1; i > 0; --i) sum = sum * x + c[i - 1];
  return sum;
}

// -ln u for a normal positive u <= 1. u = 2^k m with m in [sqrt(1/2), sqrt(2)), so that k = 0 near 1;
// ln m = 2 artanh((m - 1) / (m + 1)) = 2 s (1 + s^2 / 3 + s^4 / 5 + ...), s^2 < 0.0295.
inline double minus_log(double u) {
  constexpr std::uint64_t kRoot = std::bit_cast<std::uint64_t>(std::numbers::sqrt2 / 2);
  constexpr std::array<double, 11> kArtanh = {2.0,      2.0 / 3,  2.0 / 5,  2.0 / 7,  2.0 / 9, 2.0 / 11,
                                              2.0 / 13, 2.0 / 15, 2.0 / 17, 2.0 / 19, 2.0 / 21};
  const std::uint64_t bits = std::bit_cast<std::uint64_t>(u);
  const std::uint64_t biased = (bits + (kOne - kRoot)) >> 52;         // k + 1023
  const double m = std::bit_cast<double>(bits - (biased << 52) + kOne);
  const double k = std::bit_cast<double>(kTwo52 | biased) - (0x1p52 + 1023);
  const double s = (m - 1) / (m + 1);
  return -(k * std::numbers::ln2 + s * series(kArtanh, s * s));
}

// For |x| <= pi / 4.
inline double sine(double x) {
  constexpr std::array<double, 8> kSine = {1.0,           -1.0 / 6,        1.0 / 120,        -1.0 / 5040,
                                           1.0 / 362880, -1.0 / 39916800, 1.0 / 6227020800, -1.0 / 1307674368000};
  return x * series(kSine, x * x);
}
inline double cosine(double x) {
  constexpr std::array<double, 9> kCosine = {1.0,         -1.0 / 2,       1.0 / 24,         -1.0 / 720, 1.0 / 40320,
                                             -1.0 / 3628800, 1.0 / 479001600, -1.0 / 87178291200,
                                             1.0 / 20922789888000};
  return series(kCosine, x * x);
}

struct Pair {
  double first, second;
};

// `radius` gives U. Of `angle`, 52 bits turn by x in [-pi / 4, pi / 4) from the middle of a quadrant, where
// sqrt(2) (cos, sin) is (cos x - sin x, cos x + sin x), and two more choose the quadrant.
inline Pair normals(std::uint64_t radius, std::uint64_t angle) {
  const double half = std::sqrt(minus_log(unit(radius)));             // of the radius, times sqrt(2)
  const double x = (std::bit_cast<double>(kOne | (angle & kMantissa)) - 1.5) * (std::numbers::pi / 2);
  const double s = sine(x), c = cosine(x);
  const auto signed_by = [](double value, std::uint64_t bits) {
    return std::bit_cast<double>(std::bit_cast<std::uint64_t>(value) ^ (bits & kSign));
  };
  return {signed_by(half * (c - s), angle), signed_by(half * (c + s), angle << 1)};
}

}  // namespace understudy::box_muller
