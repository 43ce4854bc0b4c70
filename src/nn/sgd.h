// Stochastic gradient descent with momentum over one flat row of parameters, without dampening:
//   b <- momentum b + g;  p <- p - rate b, with Nesterov (Sutskever et al. 2013, in the form of Bengio et al. 2012,
//   arXiv:1212.0901) p - rate (g + momentum b).
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <string>

#include "nn/optimizer.h"

namespace understudy::nn {

struct SgdOptions {
  double momentum = 0;    // in [0, 1)
  bool nesterov = false;
};

class Sgd final : public Optimizer {
 public:
  Sgd() = default;
  Sgd(std::int64_t parameters, SgdOptions options);
  void step(const at::Tensor& parameters, const at::Tensor& gradient, double rate) override;

  void save(TensorFile& file, const std::string& name) const override;
  void restore(const TensorFile& file, const std::string& name) override;

 private:
  SgdOptions options_;
  at::Tensor velocity_;   // b
};

}  // namespace understudy::nn
