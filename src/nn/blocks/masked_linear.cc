#include "nn/blocks/masked_linear.h"

#include <ATen/ATen.h>

#include <cmath>

#include "nn/blocks/linear.h"

namespace understudy::nn {

MaskedLinear::MaskedLinear(Parameters& parameters, const std::string& name, const at::Tensor& ones, Rng& rng) : mask(ones) {
  const double bound = 1 / std::sqrt(static_cast<double>(ones.size(1)));
  weight = parameters.add(name + ".weight", uniform_within(bound, ones.sizes().vec(), rng) * ones);
  bias = parameters.add(name + ".bias", uniform_within(bound, {ones.size(0)}, rng));
}

}  // namespace understudy::nn
