// Cyclic convolution powers of two real sequences at once, by a radix-2 Fourier transform.
//
// Two sequences travel as the real and imaginary part of one complex sequence. The forward transform leaves its result
// in bit-reversed order and the inverse takes it from there, so that nothing is ever reordered.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace understudy {

// `size` is a power of two.
struct ComplexArray {
  explicit ComplexArray(std::size_t size) : re(size), im(size) {}
  std::size_t size() const { return re.size(); }
  std::vector<double> re, im;
};

class Fourier {
 public:
  explicit Fourier(std::size_t size);
  void forward(ComplexArray& data) const;  // to bit-reversed order
  void inverse(ComplexArray& data) const;  // from bit-reversed order, divided by the size

  // |computed - exact| of a coefficient of `forward`, for a sequence whose absolute values add up to 1. Every term
  // passes one butterfly a level: an addition, a product, a table value, together below 5 units of rounding.
  double error() const;

 private:
  void forward(double* re, double* im, std::size_t size) const;
  void inverse(double* re, double* im, std::size_t size) const;

  std::size_t size_;
  std::vector<double> cos_, sin_;  // of stage with blocks of 2 n: entries n .. 2 n - 1
};

// `product` *= `spectrum` to the power `count`, for each of the two packed sequences; both in bit-reversed order.
void multiply_power(ComplexArray& product, const ComplexArray& spectrum, std::int64_t count);

// The spectrum of two unit impulses at 0.
ComplexArray unit_spectrum(std::size_t size);

}  // namespace understudy
