// A multilayer perceptron: linear layers with LeakyReLU (slope 0.2) between them. No normalisation: nothing may tie the
// rows of a batch together.
//
//   Mlp critic({15, 128, 128, 1}, rng);
//   Mlp leaf = critic.leaf();                       // gradients are asked for this copy
//   at::Tensor scores = leaf.forward(x);            // [rows, 1]
//   at::Tensor g = flat_gradient(scores.mean(), leaf);
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

#include "understudy/random.h"

namespace understudy::nn {

class Mlp {
 public:
  Mlp() = default;
  // widths: inputs, hidden layers, outputs; at least two. Weights are normal with variance 2 / inputs, biases 0.
  Mlp(std::vector<std::int64_t> widths, Rng& rng);
  // Over given numbers: `flat` holds each layer's weights [out x in], then its biases. It is shared, not copied.
  Mlp(std::vector<std::int64_t> widths, at::Tensor flat);

  at::Tensor forward(const at::Tensor& x) const;         // [rows, widths.front()] -> [rows, widths.back()]

  // The same numbers, as leaves that record gradients. Graphs over two leaf copies share nothing.
  Mlp leaf() const;

  const std::vector<std::int64_t>& widths() const { return widths_; }
  const at::Tensor& flat() const { return flat_; }       // all parameters in one row; the layers are windows of it
  const std::vector<at::Tensor>& layers() const { return layers_; }  // weight, bias, weight, bias, ...

 private:
  std::vector<std::int64_t> widths_;
  at::Tensor flat_;
  std::vector<at::Tensor> layers_;
};

std::int64_t parameter_count(const std::vector<std::int64_t>& widths);

// d loss / d parameters of a leaf copy, in the order of flat(); parameters the loss does not reach get 0. Frees the
// graph.
at::Tensor flat_gradient(const at::Tensor& loss, const Mlp& leaf);

}  // namespace understudy::nn
