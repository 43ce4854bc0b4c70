#include "nn/blocks/normalise.h"

#include <ATen/ATen.h>

#include "understudy/error.h"

namespace understudy::nn {
namespace {

constexpr double kSmallest = 1e-5;  // added to variances, as torch does

}  // namespace

LayerNorm::LayerNorm(Parameters& parameters, const std::string& name, std::int64_t width)
    : scale(parameters.add(name + ".scale", at::ones({width}))), shift(parameters.add(name + ".shift", at::zeros({width}))) {}

at::Tensor LayerNorm::operator()(Tape& tape, const at::Tensor& x) const {
  return tape.scale_shift(at::layer_norm(x, {x.size(-1)}, {}, {}, kSmallest), scale, shift);
}

GroupNorm::GroupNorm(Parameters& parameters, const std::string& name, std::int64_t count, std::int64_t channels)
    : groups(count), scale(parameters.add(name + ".scale", at::ones({channels}))),
      shift(parameters.add(name + ".shift", at::zeros({channels}))) {
  if (count < 1 || channels % count != 0) fail(ErrorKind::internal, "{} groups do not divide {} channels", count, channels);
}

at::Tensor GroupNorm::operator()(Tape& tape, const at::Tensor& x) const {
  const at::Tensor grouped = x.reshape({x.size(0), x.size(1), groups, -1});
  const at::Tensor centred = grouped - grouped.mean({1, 3}, true);
  const at::Tensor normal = centred * (centred.square().mean({1, 3}, true) + kSmallest).rsqrt();
  return tape.scale_shift(normal.reshape(x.sizes()), scale, shift);
}

}  // namespace understudy::nn
