// Small dense symmetric matrices, row-major.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace understudy {

struct Matrix {
  std::size_t size = 0;
  std::vector<double> values;  // [size x size]

  explicit Matrix(std::size_t n = 0) : size(n), values(n * n, 0) {}
  double& operator()(std::size_t row, std::size_t column) { return values[row * size + column]; }
  double operator()(std::size_t row, std::size_t column) const { return values[row * size + column]; }
};

// Lower L with L L' = matrix; nothing when a pivot falls below 1e-8: the matrix is not safely positive definite.
std::optional<Matrix> cholesky(const Matrix& matrix);

// A correlation matrix near `matrix` whose Cholesky factor exists: the matrix itself where that is so, else its
// eigenvalues are raised to at least 1e-4 and its diagonal is scaled back to 1.
Matrix nearest_correlation(const Matrix& matrix);

// Eigenvalues, and the eigenvectors as columns, of a symmetric matrix by Jacobi's rotations.
struct Eigen {
  std::vector<double> values;
  Matrix vectors;
};
Eigen eigen(Matrix matrix);

// Solves L x = b for lower L; the leading b.size() rows.
std::vector<double> solve_lower(const Matrix& lower, std::span<const double> b);

}  // namespace understudy
