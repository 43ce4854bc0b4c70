#include "nn/blocks/residual.h"

#include <ATen/ATen.h>

namespace understudy::nn {

Residual::Residual(Parameters& parameters, const std::string& name, std::int64_t width, std::int64_t inner, Rng& rng)
    : norm(parameters, name + ".norm", width), up(parameters, name + ".up", width, inner, rng),
      down(parameters, name + ".down", inner, width, rng) {}

at::Tensor Residual::operator()(Tape& tape, const at::Tensor& x) const {
  return x + down(tape, at::silu(up(tape, norm(tape, x))));
}

}  // namespace understudy::nn
