#include "nn/noise.h"

#include <ATen/ATen.h>

namespace understudy::nn {
namespace {

template <class Draw>
at::Tensor filled(std::int64_t rows, std::int64_t columns, Draw draw) {
  at::Tensor result = at::empty({rows, columns}, at::kFloat);
  float* values = result.data_ptr<float>();
  for (std::int64_t i = 0; i < rows * columns; ++i) values[i] = static_cast<float>(draw());
  return result;
}

}  // namespace

at::Tensor normals(Rng& rng, std::int64_t rows, std::int64_t columns) {
  return filled(rows, columns, [&] { return rng.normal(); });
}

at::Tensor uniforms(Rng& rng, std::int64_t rows) {
  return filled(rows, 1, [&] { return rng.uniform(); });
}

}  // namespace understudy::nn
