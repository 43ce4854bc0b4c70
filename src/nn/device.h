// Where a training computes.
#pragma once

#include <ATen/core/Tensor.h>

#include <string_view>

namespace understudy::nn {

// "cpu" or "cuda" (the first one). ErrorKind::usage for another word, and for cuda where this libtorch or this machine has
// none.
at::Device parse_device(std::string_view text);

// Before the first operation there. CUDA: float32 products in float32 (no TF32), and operations that give the same bytes
// every time. The norms of row_norms.h are bounds for products in float32 alone.
void prepare(const at::Device& device);

}  // namespace understudy::nn
