// What the passes of a chain are made of.
#pragma once

#include <cblas.h>

#include <cstdint>

namespace understudy::algebra {

// c = a b + beta c. Row-major; a and b as they lie, or turned round.
struct Matrix {
  const float* data;
  std::int64_t stride;
  bool turned = false;
};
inline void product(const Matrix& a, const Matrix& b, float* c, std::int64_t stride, std::int64_t rows, std::int64_t columns,
                    std::int64_t inner, float beta) {
  if (rows == 0 || columns == 0) return;
  const auto narrow = [](std::int64_t size) { return static_cast<blasint>(size); };
  cblas_sgemm(CblasRowMajor, a.turned ? CblasTrans : CblasNoTrans, b.turned ? CblasTrans : CblasNoTrans, narrow(rows), narrow(columns),
              narrow(inner), 1, a.data, narrow(a.stride), b.data, narrow(b.stride), beta, c, narrow(stride));
}

inline void add_row(const float* from, float* to, std::int64_t size) {
  for (std::int64_t i = 0; i < size; ++i) to[i] += from[i];
}

inline double squares(const float* from, std::int64_t size) {
  double sum = 0;
#pragma omp simd reduction(+ : sum)
  for (std::int64_t i = 0; i < size; ++i) sum += static_cast<double>(from[i]) * static_cast<double>(from[i]);
  return sum;
}

// to[i] += the sum of column i.
inline void add_columns(const float* from, std::int64_t rows, std::int64_t size, float* to) {
  for (std::int64_t row = 0; row < rows; ++row) add_row(from + row * size, to, size);
}

}  // namespace understudy::algebra
