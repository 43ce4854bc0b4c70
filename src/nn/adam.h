// Adam (Kingma and Ba 2015, arXiv:1412.6980) over one flat row of parameters; with weight decay beside the gradient, AdamW
// (Loshchilov and Hutter 2019, arXiv:1711.05101).
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <string>

#include "nn/optimizer.h"

namespace understudy::nn {

struct AdamOptions {
  double beta1 = 0.5;      // of the mean, in [0, 1)
  double beta2 = 0.9;      // of the mean square, in [0, 1)
  double epsilon = 1e-8;
  double weight_decay = 0; // of all parameters: each step takes rate * weight_decay of them away
};

class Adam final : public Optimizer {
 public:
  Adam() = default;
  Adam(std::int64_t parameters, AdamOptions options);
  // parameters <- parameters (1 - rate * weight_decay) - rate * m_hat / (sqrt(v_hat) + epsilon).
  void step(const at::Tensor& parameters, const at::Tensor& gradient, double rate) override;

  void save(TensorFile& file, const std::string& name) const override;
  void restore(const TensorFile& file, const std::string& name) override;

 private:
  AdamOptions options_;
  at::Tensor first_;       // m
  at::Tensor second_;      // v
  std::int64_t steps_ = 0;
};

}  // namespace understudy::nn
