// Adam (Kingma and Ba 2015, arXiv:1412.6980) over one flat row of parameters.
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
};

class Adam final : public Optimizer {
 public:
  Adam() = default;
  Adam(std::int64_t parameters, AdamOptions options);
  // parameters <- parameters - rate * m_hat / (sqrt(v_hat) + epsilon).
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
