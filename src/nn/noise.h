// Random tensors (float, on the CPU) from our own generator, so that a seed gives the same numbers everywhere.
#pragma once

#include <ATen/core/Tensor.h>

#include "understudy/random.h"

namespace understudy::nn {

at::Tensor normals(Rng& rng, std::int64_t rows, std::int64_t columns);
// Uniform in [0, 1), one column.
at::Tensor uniforms(Rng& rng, std::int64_t rows);

}  // namespace understudy::nn
