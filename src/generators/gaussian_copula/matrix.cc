#include "generators/gaussian_copula/matrix.h"

#include <algorithm>
#include <cmath>

namespace understudy {
namespace {

constexpr double kLeastPivot = 1e-8;
constexpr double kLeastEigenvalue = 1e-4;
constexpr int kSweeps = 60;

double off_diagonal(const Matrix& m) {
  double sum = 0;
  for (std::size_t i = 0; i < m.size; ++i) {
    for (std::size_t j = 0; j < i; ++j) sum += m(i, j) * m(i, j);
  }
  return sum;
}

// One rotation that makes m(p, q) zero, carried over to the vectors.
void rotate(Matrix& m, Matrix& vectors, std::size_t p, std::size_t q) {
  if (m(p, q) == 0) return;
  const double theta = (m(q, q) - m(p, p)) / (2 * m(p, q));
  const double t = (theta >= 0 ? 1 : -1) / (std::abs(theta) + std::sqrt(theta * theta + 1));
  const double c = 1 / std::sqrt(t * t + 1);
  const double s = t * c;
  for (std::size_t k = 0; k < m.size; ++k) {
    const double left = m(k, p);
    const double right = m(k, q);
    m(k, p) = c * left - s * right;
    m(k, q) = s * left + c * right;
  }
  for (std::size_t k = 0; k < m.size; ++k) {
    const double upper = m(p, k);
    const double lower = m(q, k);
    m(p, k) = c * upper - s * lower;
    m(q, k) = s * upper + c * lower;
  }
  for (std::size_t k = 0; k < m.size; ++k) {
    const double left = vectors(k, p);
    const double right = vectors(k, q);
    vectors(k, p) = c * left - s * right;
    vectors(k, q) = s * left + c * right;
  }
}

Matrix raised(const Eigen& parts) {
  const std::size_t n = parts.values.size();
  Matrix result(n);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      double sum = 0;
      for (std::size_t k = 0; k < n; ++k) {
        sum += std::max(parts.values[k], kLeastEigenvalue) * parts.vectors(i, k) * parts.vectors(j, k);
      }
      result(i, j) = result(j, i) = sum;
    }
  }
  return result;
}

}  // namespace

std::optional<Matrix> cholesky(const Matrix& matrix) {
  Matrix lower(matrix.size);
  for (std::size_t i = 0; i < matrix.size; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      double sum = matrix(i, j);
      for (std::size_t k = 0; k < j; ++k) sum -= lower(i, k) * lower(j, k);
      if (i == j && !(sum > kLeastPivot)) return std::nullopt;
      lower(i, j) = i == j ? std::sqrt(sum) : sum / lower(j, j);
    }
  }
  return lower;
}

Eigen eigen(Matrix matrix) {
  Matrix vectors(matrix.size);
  for (std::size_t i = 0; i < matrix.size; ++i) vectors(i, i) = 1;
  for (int sweep = 0; sweep < kSweeps && off_diagonal(matrix) > 1e-22; ++sweep) {
    for (std::size_t p = 0; p < matrix.size; ++p) {
      for (std::size_t q = p + 1; q < matrix.size; ++q) rotate(matrix, vectors, p, q);
    }
  }
  Eigen result{{}, std::move(vectors)};
  for (std::size_t i = 0; i < matrix.size; ++i) result.values.push_back(matrix(i, i));
  return result;
}

Matrix nearest_correlation(const Matrix& matrix) {
  if (cholesky(matrix)) return matrix;
  Matrix result = raised(eigen(matrix));
  std::vector<double> scale;
  for (std::size_t i = 0; i < result.size; ++i) scale.push_back(1 / std::sqrt(result(i, i)));
  for (std::size_t i = 0; i < result.size; ++i) {
    for (std::size_t j = 0; j < result.size; ++j) result(i, j) = i == j ? 1 : result(i, j) * scale[i] * scale[j];
  }
  return result;
}

std::vector<double> solve_lower(const Matrix& lower, std::span<const double> b) {
  std::vector<double> x(b.begin(), b.end());
  for (std::size_t i = 0; i < x.size(); ++i) {
    for (std::size_t k = 0; k < i; ++k) x[i] -= lower(i, k) * x[k];
    x[i] /= lower(i, i);
  }
  return x;
}

}  // namespace understudy
