#include "nn/blocks/linear.h"

#include <ATen/ATen.h>

#include <cmath>

#include "nn/noise.h"

namespace understudy::nn {

at::Tensor uniform_within(double bound, std::vector<std::int64_t> shape, Rng& rng) {
  std::int64_t size = 1;
  for (const std::int64_t extent : shape) size *= extent;
  return uniforms(rng, size).mul(2 * bound).sub(bound).view(shape);
}

Linear::Linear(Parameters& parameters, const std::string& name, std::int64_t in, std::int64_t out, Rng& rng, bool has_bias) {
  const double bound = 1 / std::sqrt(static_cast<double>(in));
  weight = parameters.add(name + ".weight", uniform_within(bound, {out, in}, rng));
  if (has_bias) bias = parameters.add(name + ".bias", uniform_within(bound, {out}, rng));
}

}  // namespace understudy::nn
