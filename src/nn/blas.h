// Products of rows in memory, by the BLAS that torch itself calls. On the thread that asks (serial.h).
#pragma once

#include <cstdint>

namespace understudy::nn {

// So many rows of so many numbers; stride: from a row to the next.
template <class T>
struct Rows {
  const T* data;
  std::int64_t rows, width, stride;
};

// x x' [rows, rows], dense: the lower triangle. What is above it may be written too.
void gram(const Rows<float>& x, float* result);

// left' right [left.width, right.width], dense; both have the same number of rows.
void inner_product(const Rows<float>& left, const Rows<float>& right, float* result);
void inner_product(const Rows<double>& left, const Rows<double>& right, double* result);

}  // namespace understudy::nn
