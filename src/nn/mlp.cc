#include "nn/mlp.h"

#include <ATen/ATen.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/grad_mode.h>

#include <cmath>

#include "nn/noise.h"
#include "understudy/error.h"

namespace understudy::nn {
namespace {

constexpr double kSlope = 0.2;

std::vector<at::Tensor> windows(const std::vector<std::int64_t>& widths, const at::Tensor& flat) {
  std::vector<at::Tensor> layers;
  std::int64_t at = 0;
  for (std::size_t i = 0; i + 1 < widths.size(); ++i) {
    const std::int64_t in = widths[i];
    const std::int64_t out = widths[i + 1];
    layers.push_back(flat.narrow(0, at, in * out).view({out, in}));
    layers.push_back(flat.narrow(0, at + in * out, out));
    at += (in + 1) * out;
  }
  return layers;
}

}  // namespace

std::int64_t parameter_count(const std::vector<std::int64_t>& widths) {
  std::int64_t count = 0;
  for (std::size_t i = 0; i + 1 < widths.size(); ++i) count += (widths[i] + 1) * widths[i + 1];
  return count;
}

Mlp::Mlp(std::vector<std::int64_t> widths, Rng& rng)
    : Mlp(widths, at::zeros({parameter_count(widths)}, at::kFloat)) {
  for (std::size_t i = 0; i < layers_.size(); i += 2) {
    const std::int64_t in = layers_[i].size(1);
    layers_[i].copy_(normals(rng, layers_[i].size(0), in) * std::sqrt(2.0 / static_cast<double>(in)));
  }
}

Mlp::Mlp(std::vector<std::int64_t> widths, at::Tensor flat) : widths_(std::move(widths)), flat_(std::move(flat)) {
  if (widths_.size() < 2 || flat_.numel() != parameter_count(widths_)) {
    fail(ErrorKind::input, "a network of widths {} needs {} parameters, not {}", fmt::join(widths_, ", "),
         parameter_count(widths_), flat_.numel());
  }
  layers_ = windows(widths_, flat_);
}

at::Tensor Mlp::forward(const at::Tensor& x) const {
  at::Tensor h = x;
  for (std::size_t i = 0; i < layers_.size(); i += 2) {
    h = at::linear(h, layers_[i], layers_[i + 1]);
    if (i + 2 < layers_.size()) h = at::leaky_relu(h, kSlope);
  }
  return h;
}

Mlp Mlp::leaf() const {
  Mlp copy = *this;
  for (at::Tensor& layer : copy.layers_) layer = layer.detach().requires_grad_(true);
  return copy;
}

at::Tensor flat_gradient(const at::Tensor& loss, const Mlp& leaf) {
  const auto gradients = torch::autograd::grad({loss}, leaf.layers(), {}, /*retain_graph=*/false,
                                               /*create_graph=*/false, /*allow_unused=*/true);
  std::vector<at::Tensor> flat;
  for (std::size_t i = 0; i < gradients.size(); ++i) {
    const at::Tensor& layer = leaf.layers()[i];
    flat.push_back(gradients[i].defined() ? gradients[i].reshape({-1}) : at::zeros({layer.numel()}, layer.options()));
  }
  return at::cat(flat);
}

}  // namespace understudy::nn
