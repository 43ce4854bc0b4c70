// Convolution along the steps of a window, channels last: x [windows, steps, in] -> [windows, steps', out]. The steps are
// unfolded into rows; then it is a linear layer, and its norms are a linear layer's.
#pragma once

#include <string>

#include "nn/blocks/linear.h"

namespace understudy::nn {

struct ConvOptions {
  std::int64_t kernel = 3;
  std::int64_t stride = 1;
  std::int64_t padding = 0;   // zeros on either side
  std::int64_t dilation = 1;  // Conv1d
};

// steps' = (steps + 2 padding - dilation (kernel - 1) - 1) / stride + 1, downwards.
struct Conv1d {
  Conv1d() = default;
  // name.weight [out, in * kernel] (torch's [out, in, kernel], flattened) and name.bias [out].
  Conv1d(Parameters& parameters, const std::string& name, std::int64_t in, std::int64_t out, ConvOptions options, Rng& rng);
  at::Tensor operator()(Tape& tape, const at::Tensor& x) const;

  Linear linear;
  ConvOptions options;
};

// steps' = (steps - 1) stride - 2 padding + kernel.
struct ConvTranspose1d {
  ConvTranspose1d() = default;
  // name.weight [out * kernel, in] (torch's [in, out, kernel], flattened and transposed) and name.bias [out].
  ConvTranspose1d(Parameters& parameters, const std::string& name, std::int64_t in, std::int64_t out, ConvOptions options,
                  Rng& rng);
  at::Tensor operator()(Tape& tape, const at::Tensor& x) const;

  Linear linear;  // without a bias
  Parameter bias;
  ConvOptions options;
};

}  // namespace understudy::nn
