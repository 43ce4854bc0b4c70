// x + the way through a normalisation and two linear layers: width -> inner -> width, SiLU between.
#pragma once

#include <string>

#include "nn/blocks/linear.h"
#include "nn/blocks/normalise.h"

namespace understudy::nn {

struct Residual {
  Residual() = default;
  Residual(Parameters& parameters, const std::string& name, std::int64_t width, std::int64_t inner, Rng& rng);
  at::Tensor operator()(Tape& tape, const at::Tensor& x) const;

  LayerNorm norm;
  Linear up, down;
};

}  // namespace understudy::nn
