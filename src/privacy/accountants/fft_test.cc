#include "privacy/accountants/fft.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

namespace understudy {
namespace {

std::vector<double> cyclic_power(const std::vector<double>& values, int count) {
  const std::size_t n = values.size();
  std::vector<double> result(n);
  result[0] = 1;
  for (int k = 0; k < count; ++k) {
    std::vector<double> next(n);
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = 0; j < n; ++j) next[(i + j) % n] += result[i] * values[j];
    }
    result = next;
  }
  return result;
}

TEST(Fourier, PowersOfTwoSequencesAtOnce) {
  for (const std::size_t size : {1u, 2u, 4u, 8u, 64u, 1024u}) {
    ComplexArray data(size);
    for (std::size_t i = 0; i < size; ++i) {
      data.re[i] = 1.0 / static_cast<double>(1 + i);
      data.im[i] = static_cast<double>(i % 7);
    }
    data.im[0] += 1;
    for (auto* values : {&data.re, &data.im}) {
      const double total = std::accumulate(values->begin(), values->end(), 0.0);
      for (double& value : *values) value /= total;
    }
    const auto first = cyclic_power(data.re, 5), second = cyclic_power(data.im, 5);
    const Fourier fourier(size);
    ComplexArray product = unit_spectrum(size);
    fourier.forward(data);
    multiply_power(product, data, 2);
    multiply_power(product, data, 3);
    fourier.inverse(product);
    for (std::size_t i = 0; i < size; ++i) {
      EXPECT_NEAR(product.re[i], first[i], 1e-15) << size << " at " << i;
      EXPECT_NEAR(product.im[i], second[i], 1e-15) << size << " at " << i;
    }
  }
}

// Two impulses have known spectra: the error stays below the stated bound.
TEST(Fourier, ErrorsStayBelowTheBound) {
  const std::size_t size = 1 << 14, place = 4321;
  ComplexArray data(size);
  data.re[place] = 1;
  const Fourier fourier(size);
  fourier.forward(data);
  double worst = 0;
  for (std::size_t i = 0; i < size; ++i) {
    std::size_t frequency = 0;
    for (std::size_t bit = 1, from = size / 2; bit < size; bit *= 2, from /= 2) frequency += i & bit ? from : 0;
    const long double angle = -2 * 3.14159265358979323846264338327950288L *
                              static_cast<long double>(frequency * place % size) / static_cast<long double>(size);
    worst =
        std::max(worst, static_cast<double>(std::hypot(data.re[i] - std::cos(angle), data.im[i] - std::sin(angle))));
  }
  EXPECT_LT(worst, fourier.error());
  EXPECT_GT(worst, fourier.error() / 1000);
}

}  // namespace
}  // namespace understudy
