#include "privacy/accountants/fft.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <numbers>

namespace understudy {
namespace {

constexpr std::size_t kBlock = 256;

struct Block {
  std::array<double, kBlock> re, im;
};

void multiply(Block& a, const Block& b) {
  for (std::size_t i = 0; i < kBlock; ++i) {
    const double re = a.re[i] * b.re[i] - a.im[i] * b.im[i];
    a.im[i] = a.re[i] * b.im[i] + a.im[i] * b.re[i];
    a.re[i] = re;
  }
}

// Values below 1e-150 become 0: far below every error bound, and numbers near the smallest double are slow.
void square(Block& a) {
  for (std::size_t i = 0; i < kBlock; ++i) {
    const double keep = std::abs(a.re[i]) + std::abs(a.im[i]) < 1e-75 ? 0.0 : 1.0;
    a.re[i] *= keep;
    a.im[i] *= keep;
    const double re = a.re[i] * a.re[i] - a.im[i] * a.im[i];
    a.im[i] = 2 * a.re[i] * a.im[i];
    a.re[i] = re;
  }
}

// `product` *= `base`^count, by repeated squaring.
void multiply_power(Block& product, Block base, std::int64_t count) {
  for (; count > 0; count /= 2) {
    if (count % 2 == 1) multiply(product, base);
    if (count > 1) square(base);
  }
}

// In bit-reversed order the frequency -j of entry i >= 1 mirrors it inside its block [2^m, 2^(m+1)).
std::size_t mirror(std::size_t i) { return i == 0 ? 0 : 3 * std::bit_floor(i) - 1 - i; }

// The spectra of the two real sequences at entry i.
void unpack(const ComplexArray& data, std::size_t i, std::size_t slot, Block& first, Block& second) {
  const std::size_t j = mirror(i);
  first.re[slot] = (data.re[i] + data.re[j]) / 2;
  first.im[slot] = (data.im[i] - data.im[j]) / 2;
  second.re[slot] = (data.im[i] + data.im[j]) / 2;
  second.im[slot] = (data.re[j] - data.re[i]) / 2;
}

void pack(ComplexArray& data, std::size_t i, std::size_t slot, const Block& first, const Block& second) {
  const std::size_t j = mirror(i);
  data.re[i] = first.re[slot] - second.im[slot];
  data.im[i] = first.im[slot] + second.re[slot];
  data.re[j] = first.re[slot] + second.im[slot];
  data.im[j] = second.re[slot] - first.im[slot];
}

// The k-th entry that stands for itself and its mirror: 0, 1, then the lower half of every block.
std::size_t representative(std::size_t k) { return k < 2 ? k : k - 1 + std::bit_floor(k - 1); }

std::size_t representatives(std::size_t size) { return size < 2 ? size : size / 2 + 1; }

// One level of butterflies between the halves of a block.
void split(double* re, double* im, std::size_t half, const double* c, const double* s) {
  for (std::size_t k = 0; k < half; ++k) {
    const double dr = re[k] - re[k + half], di = im[k] - im[k + half];
    re[k] += re[k + half];
    im[k] += im[k + half];
    re[k + half] = dr * c[k] - di * s[k];
    im[k + half] = dr * s[k] + di * c[k];
  }
}

void join(double* re, double* im, std::size_t half, const double* c, const double* s) {
  for (std::size_t k = 0; k < half; ++k) {
    const double tr = re[k + half] * c[k] + im[k + half] * s[k];
    const double ti = im[k + half] * c[k] - re[k + half] * s[k];
    re[k + half] = re[k] - tr;
    im[k + half] = im[k] - ti;
    re[k] += tr;
    im[k] += ti;
  }
}

// Two levels at once for blocks of four, whose only table value is -i.
void split_four(double* re, double* im) {
  const double ar = re[0] + re[2], ai = im[0] + im[2], br = re[1] + re[3], bi = im[1] + im[3];
  const double cr = re[0] - re[2], ci = im[0] - im[2], dr = im[1] - im[3], di = re[3] - re[1];
  re[0] = ar + br, im[0] = ai + bi;
  re[1] = ar - br, im[1] = ai - bi;
  re[2] = cr + dr, im[2] = ci + di;
  re[3] = cr - dr, im[3] = ci - di;
}

void join_four(double* re, double* im) {
  const double ar = re[0] + re[1], ai = im[0] + im[1], br = re[0] - re[1], bi = im[0] - im[1];
  const double cr = re[2] + re[3], ci = im[2] + im[3], dr = im[3] - im[2], di = re[2] - re[3];
  re[0] = ar + cr, im[0] = ai + ci;
  re[2] = ar - cr, im[2] = ai - ci;
  re[1] = br + dr, im[1] = bi + di;
  re[3] = br - dr, im[3] = bi - di;
}

}  // namespace

Fourier::Fourier(std::size_t size) : size_(size), cos_(size), sin_(size) {
  for (std::size_t half = size / 2, k = 0; k < half; ++k) {
    const double angle = -std::numbers::pi * static_cast<double>(k) / static_cast<double>(half);
    cos_[half + k] = std::cos(angle);
    sin_[half + k] = std::sin(angle);
  }
  for (std::size_t i = size / 2; i-- > 1;) {  // every other value of the stage above
    cos_[i] = cos_[2 * i];
    sin_[i] = sin_[2 * i];
  }
}

// Depth first, so that a block stays in the cache for all its levels.
void Fourier::forward(double* re, double* im, std::size_t size) const {
  if (size == 4) return split_four(re, im);
  if (size < 2) return;
  const std::size_t half = size / 2;
  split(re, im, half, &cos_[half], &sin_[half]);
  forward(re, im, half);
  forward(re + half, im + half, half);
}

void Fourier::inverse(double* re, double* im, std::size_t size) const {
  if (size == 4) return join_four(re, im);
  if (size < 2) return;
  const std::size_t half = size / 2;
  inverse(re, im, half);
  inverse(re + half, im + half, half);
  join(re, im, half, &cos_[half], &sin_[half]);
}

void Fourier::forward(ComplexArray& data) const { forward(data.re.data(), data.im.data(), size_); }

void Fourier::inverse(ComplexArray& data) const {
  inverse(data.re.data(), data.im.data(), size_);
  const double scale = 1 / static_cast<double>(size_);
  for (double& value : data.re) value *= scale;
  for (double& value : data.im) value *= scale;
}

double Fourier::error() const {
  const double unit = std::numeric_limits<double>::epsilon() / 2;
  return 5 * unit * static_cast<double>(std::max<std::size_t>(std::bit_width(size_), 2) - 1);
}

void multiply_power(ComplexArray& product, const ComplexArray& spectrum, std::int64_t count) {
  const std::size_t entries = representatives(product.size());
  Block first{}, second{}, first_product{}, second_product{};
  for (std::size_t begin = 0; begin < entries; begin += kBlock) {
    const std::size_t n = std::min(kBlock, entries - begin);
    for (std::size_t slot = 0; slot < n; ++slot) {
      unpack(spectrum, representative(begin + slot), slot, first, second);
      unpack(product, representative(begin + slot), slot, first_product, second_product);
    }
    multiply_power(first_product, first, count);
    multiply_power(second_product, second, count);
    for (std::size_t slot = 0; slot < n; ++slot) {
      pack(product, representative(begin + slot), slot, first_product, second_product);
    }
  }
}

ComplexArray unit_spectrum(std::size_t size) {
  ComplexArray result(size);
  std::fill(result.re.begin(), result.re.end(), 1.0);
  std::fill(result.im.begin(), result.im.end(), 1.0);
  return result;
}

}  // namespace understudy
