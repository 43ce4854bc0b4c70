// Normalisation inside a subject's own rows. There is none over a batch: that would tie subjects together.
#pragma once

#include <string>

#include "nn/tape.h"

namespace understudy::nn {

// Each row to mean 0 and variance 1 over its last dimension, then scale and shift (Ba et al. 2016, arXiv:1607.06450).
struct LayerNorm {
  LayerNorm() = default;
  LayerNorm(Parameters& parameters, const std::string& name, std::int64_t width);  // name.scale, name.shift [width]
  at::Tensor operator()(Tape& tape, const at::Tensor& x) const;

  Parameter scale, shift;
};

// x [windows, steps, channels]: each group of channels together over all steps of a window (Wu and He 2018,
// arXiv:1803.08494), then scale and shift by channel. `groups` divides the channels.
struct GroupNorm {
  GroupNorm() = default;
  GroupNorm(Parameters& parameters, const std::string& name, std::int64_t groups, std::int64_t channels);
  at::Tensor operator()(Tape& tape, const at::Tensor& x) const;

  std::int64_t groups = 1;
  Parameter scale, shift;
};

}  // namespace understudy::nn
