#include "nn/blocks/critic.h"

#include <ATen/ATen.h>
#include <torch/csrc/autograd/grad_mode.h>

#include <cmath>

#include "nn/noise.h"

namespace understudy::nn {
namespace {

constexpr double kSlope = 0.2;
constexpr double kSmallest = 1e-12;  // under the root: its slope is finite at zero

}  // namespace

Critic::Critic(Parameters& parameters, const std::string& name, const std::vector<std::int64_t>& widths, Rng& rng) {
  for (std::size_t i = 0; i + 1 < widths.size(); ++i) {
    const Linear& layer = layers_.emplace_back(parameters, name + "." + std::to_string(i), widths[i], widths[i + 1], rng);
    parameters.value(layer.weight).copy_(normals(rng, widths[i + 1], widths[i]) * std::sqrt(2.0 / static_cast<double>(widths[i])));
    parameters.value(*layer.bias).zero_();
  }
}

at::Tensor Critic::operator()(Tape& tape, const at::Tensor& x) const {
  at::Tensor h = layers_.front()(tape, x);
  for (std::size_t i = 1; i < layers_.size(); ++i) h = layers_[i](tape, at::leaky_relu(h, kSlope));
  return h;
}

at::Tensor Critic::input_gradient(Tape& tape, const at::Tensor& x) const {
  std::vector<at::Tensor> slopes;
  {
    const at::NoGradGuard no_graph;
    at::Tensor h = x;
    for (std::size_t i = 0; i + 1 < layers_.size(); ++i) {
      h = at::linear(h, tape.value(layers_[i].weight), tape.value(*layers_[i].bias));
      slopes.push_back((h > 0).to(h.scalar_type()) * (1 - kSlope) + kSlope);
      h = h * slopes.back();
    }
  }
  std::vector<std::int64_t> shape = x.sizes().vec();
  shape.back() = 1;
  at::Tensor g = tape.transposed(at::ones(shape, x.options()), layers_.back().weight);
  for (std::size_t i = slopes.size(); i > 0; --i) g = tape.transposed(g * slopes[i - 1], layers_[i - 1].weight);
  return g;
}

at::Tensor gradient_penalties(Penalty penalty, const at::Tensor& gradients) {
  const at::Tensor squares = gradients.square().sum(-1);
  return penalty == Penalty::slope_zero ? squares : ((squares + kSmallest).sqrt() - 1).square();
}

}  // namespace understudy::nn
