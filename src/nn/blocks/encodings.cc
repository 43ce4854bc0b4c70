#include "nn/blocks/encodings.h"

#include <ATen/ATen.h>

#include <cmath>

#include "nn/noise.h"

namespace understudy::nn {

at::Tensor sinusoidal(const at::Tensor& times, std::int64_t width, double longest) {
  const at::Tensor place = at::arange(0, width / 2, at::TensorOptions().dtype(at::kFloat).device(times.device()));
  const at::Tensor rates = at::exp(place * (-2 * std::log(longest) / static_cast<double>(width)));
  const at::Tensor angles = times.to(at::kFloat).unsqueeze(-1) * rates;
  return at::cat({angles.sin(), angles.cos()}, -1);
}

at::Tensor dropout(const at::Tensor& x, double probability, Rng& rng) {
  if (probability <= 0) return x;
  const at::Tensor kept = (uniforms(rng, x.numel()).view(x.sizes()) >= probability).to(x.scalar_type());
  return x * kept.to(x.device()) / (1 - probability);
}

}  // namespace understudy::nn
