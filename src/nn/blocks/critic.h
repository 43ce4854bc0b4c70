// A critic: linear layers with LeakyReLU (slope 0.2) between them, one score a row; and its gradient by its inputs, written
// out in products through the same doors, so that a gradient penalty (Gulrajani et al. 2017, arXiv:1704.00028) is a loss like
// any other: its norm by subject is exact, second-order terms included (docs/privacy/training.md).
#pragma once

#include <string>
#include <vector>

#include "nn/blocks/linear.h"

namespace understudy::nn {

class Critic {
 public:
  Critic() = default;
  // widths: inputs, hidden layers, 1. Adds name.0.weight, name.0.bias, ...: weights are normal with variance 2 / inputs (He
  // et al. 2015, arXiv:1502.01852), biases 0.
  Critic(Parameters& parameters, const std::string& name, const std::vector<std::int64_t>& widths, Rng& rng);

  at::Tensor operator()(Tape& tape, const at::Tensor& x) const;  // [..., inputs] -> [..., 1]
  // d score / d x of each row, [..., inputs]. The slopes of the activations are constant almost everywhere and are held
  // fixed.
  at::Tensor input_gradient(Tape& tape, const at::Tensor& x) const;

 private:
  std::vector<Linear> layers_;
};

enum class Penalty {
  slope_one,   // (|gradient| - 1)^2, WGAN-GP: at points between real and fake
  slope_zero,  // |gradient|^2, at real points (Mescheder et al. 2018, arXiv:1801.04406)
};
// Of each row of `gradients` [..., inputs]: [...]. A condition's columns are left out by who calls.
at::Tensor gradient_penalties(Penalty penalty, const at::Tensor& gradients);

}  // namespace understudy::nn
