// x weight' + bias, the last dimension from `in` to `out`.
#pragma once

#include <optional>
#include <string>

#include "nn/tape.h"
#include "understudy/random.h"

namespace understudy::nn {

struct Linear {
  Linear() = default;
  // Adds name.weight [out, in] and name.bias [out]: uniform within 1 / sqrt(in), as torch does.
  Linear(Parameters& parameters, const std::string& name, std::int64_t in, std::int64_t out, Rng& rng, bool has_bias = true);
  at::Tensor operator()(Tape& tape, const at::Tensor& x) const { return tape.linear(x, weight, bias); }

  Parameter weight;
  std::optional<Parameter> bias;
};

// Uniform in [-bound, bound).
at::Tensor uniform_within(double bound, std::vector<std::int64_t> shape, Rng& rng);

}  // namespace understudy::nn
