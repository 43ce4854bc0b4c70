#include "nn/blocks/masked_linear.h"

#include <ATen/ATen.h>

#include <cmath>

#include "nn/blocks/linear.h"

namespace understudy::nn {

MaskedLinear::MaskedLinear(Parameters& parameters, const std::string& name, const at::Tensor& seen, Rng& rng) : mask(seen) {
  const double bound = 1 / std::sqrt(static_cast<double>(mask.size(1)));
  weight = parameters.add(name + ".weight", uniform_within(bound, mask.sizes().vec(), rng) * mask);
  bias = parameters.add(name + ".bias", uniform_within(bound, {mask.size(0)}, rng));
}

}  // namespace understudy::nn
