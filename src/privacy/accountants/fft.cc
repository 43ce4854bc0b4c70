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

// Entries that stand for themselves and their mirror: the lower half of every block, and 0 and 1.
std::vector<std::size_t> representatives(std::size_t size) {
  std::vector<std::size_t> result = {0};
  if (size > 1) result.push_back(1);
  for (std::size_t block = 2; block < size; block *= 2) {
    for (std::size_t i = block; i < block + block / 2; ++i) result.push_back(i);
  }
  return result;
}

}  // namespace

Fourier::Fourier(std::size_t size) : size_(size), cos_(size), sin_(size) {
  for (std::size_t half = 1; half < size; half *= 2) {
    for (std::size_t k = 0; k < half; ++k) {
      const double angle = -std::numbers::pi * static_cast<double>(k) / static_cast<double>(half);
      cos_[half + k] = std::cos(angle);
      sin_[half + k] = std::sin(angle);
    }
  }
}

void Fourier::forward(ComplexArray& data) const {
  for (std::size_t half = size_ / 2; half >= 1; half /= 2) {
    const double* const c = &cos_[half];
    const double* const s = &sin_[half];
    for (std::size_t start = 0; start < size_; start += 2 * half) {
      double* const re = &data.re[start];
      double* const im = &data.im[start];
      for (std::size_t k = 0; k < half; ++k) {
        const double dr = re[k] - re[k + half], di = im[k] - im[k + half];
        re[k] += re[k + half];
        im[k] += im[k + half];
        re[k + half] = dr * c[k] - di * s[k];
        im[k + half] = dr * s[k] + di * c[k];
      }
    }
  }
}

void Fourier::inverse(ComplexArray& data) const {
  for (std::size_t half = 1; half < size_; half *= 2) {
    const double* const c = &cos_[half];
    const double* const s = &sin_[half];
    for (std::size_t start = 0; start < size_; start += 2 * half) {
      double* const re = &data.re[start];
      double* const im = &data.im[start];
      for (std::size_t k = 0; k < half; ++k) {
        const double tr = re[k + half] * c[k] + im[k + half] * s[k];
        const double ti = im[k + half] * c[k] - re[k + half] * s[k];
        re[k + half] = re[k] - tr;
        im[k + half] = im[k] - ti;
        re[k] += tr;
        im[k] += ti;
      }
    }
  }
  const double scale = 1 / static_cast<double>(size_);
  for (double& value : data.re) value *= scale;
  for (double& value : data.im) value *= scale;
}

double Fourier::error() const {
  const double unit = std::numeric_limits<double>::epsilon() / 2;
  return 5 * unit * static_cast<double>(std::max<std::size_t>(std::bit_width(size_), 2) - 1);
}

void multiply_power(ComplexArray& product, const ComplexArray& spectrum, std::int64_t count) {
  const std::vector<std::size_t> entries = representatives(product.size());
  Block first{}, second{}, first_product{}, second_product{};
  for (std::size_t begin = 0; begin < entries.size(); begin += kBlock) {
    const std::size_t n = std::min(kBlock, entries.size() - begin);
    for (std::size_t slot = 0; slot < n; ++slot) {
      unpack(spectrum, entries[begin + slot], slot, first, second);
      unpack(product, entries[begin + slot], slot, first_product, second_product);
    }
    multiply_power(first_product, first, count);
    multiply_power(second_product, second, count);
    for (std::size_t slot = 0; slot < n; ++slot) {
      pack(product, entries[begin + slot], slot, first_product, second_product);
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
