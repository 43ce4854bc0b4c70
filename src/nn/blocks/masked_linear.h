// A linear layer some of whose weights are fixed at 0 (Germain et al. 2015, arXiv:1502.03509): an output sees only the inputs
// that its row of the mask lets through.
#pragma once

#include <string>

#include "nn/tape.h"
#include "understudy/random.h"

namespace understudy::nn {

struct MaskedLinear {
  MaskedLinear() = default;
  // ones: float [out, in] of zeros and ones. Adds name.weight [out, in], uniform within 1 / sqrt(in) where it is 1 and 0
  // elsewhere, and name.bias [out], uniform too.
  MaskedLinear(Parameters& parameters, const std::string& name, const at::Tensor& ones, Rng& rng);
  at::Tensor operator()(Tape& tape, const at::Tensor& x) const { return tape.masked_linear(x, weight, bias, mask); }

  Parameter weight, bias;
  WeightMask mask;
};

}  // namespace understudy::nn
