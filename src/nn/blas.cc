#include "nn/blas.h"

#include <algorithm>

// Fortran's names: libtorch exports them where the BLAS is inside it. There is no cblas.h then, and there may be no ssyrk.
extern "C" {
void sgemm_(const char* of_a, const char* of_b, const int* m, const int* n, const int* k, const float* alpha, const float* a,
            const int* lda, const float* b, const int* ldb, const float* beta, float* c, const int* ldc);
void dgemm_(const char* of_a, const char* of_b, const int* m, const int* n, const int* k, const double* alpha, const double* a,
            const int* lda, const double* b, const int* ldb, const double* beta, double* c, const int* ldc);
[[gnu::weak]] void ssyrk_(const char* triangle, const char* of_a, const int* n, const int* k, const float* alpha, const float* a,
                          const int* lda, const float* beta, float* c, const int* ldc);
}

namespace understudy::nn {
namespace {

// Fortran stores columns: what is x here is x' there, and the lower triangle is the upper one.

int narrow(std::int64_t size) { return static_cast<int>(size); }

// Panels of the triangle, so that little is computed above it.
void gram_by_panels(const Rows<float>& x, float* result) {
  constexpr std::int64_t kPanel = 32;
  const int width = narrow(x.width), stride = narrow(x.stride), all = narrow(x.rows);
  const float one = 1, zero = 0;
  for (std::int64_t first = 0; first < x.rows; first += kPanel) {
    const int rows = narrow(std::min(kPanel, x.rows - first)), columns = narrow(first) + rows;
    sgemm_("T", "N", &columns, &rows, &width, &one, x.data, &stride, x.data + first * x.stride, &stride, &zero,
           result + first * x.rows, &all);
  }
}

template <class T, class Gemm>
void multiply(const Rows<T>& left, const Rows<T>& right, T* result, Gemm* gemm) {
  const int m = narrow(right.width), n = narrow(left.width), k = narrow(left.rows);
  const int of_right = narrow(right.stride), of_left = narrow(left.stride);
  const T one = 1, zero = 0;
  gemm("N", "T", &m, &n, &k, &one, right.data, &of_right, left.data, &of_left, &zero, result, &m);
}

}  // namespace

void gram(const Rows<float>& x, float* result) {
  if (ssyrk_ == nullptr) return gram_by_panels(x, result);
  const int rows = narrow(x.rows), width = narrow(x.width), stride = narrow(x.stride);
  const float one = 1, zero = 0;
  ssyrk_("U", "T", &rows, &width, &one, x.data, &stride, &zero, result, &rows);
}

void inner_product(const Rows<float>& left, const Rows<float>& right, float* result) { multiply(left, right, result, sgemm_); }

void inner_product(const Rows<double>& left, const Rows<double>& right, double* result) { multiply(left, right, result, dgemm_); }

}  // namespace understudy::nn
