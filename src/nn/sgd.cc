#include "nn/sgd.h"

#include <ATen/ATen.h>

#include "nn/passes.h"
#include "nn/row.h"
#include "nn/store.h"

namespace understudy::nn {

Sgd::Sgd(std::int64_t parameters, SgdOptions options)
    : options_(options), velocity_(at::zeros({parameters}, at::kFloat)) {}

void Sgd::step(const at::Tensor& parameters, const at::Tensor& gradient, double rate) {
  check_row(velocity_.numel(), parameters);
  check_row(velocity_.numel(), gradient);
  velocity_ = velocity_.to(parameters.device());
  const auto [momentum, nesterov] = options_;
  if (dense_here({parameters, gradient})) {
    sgd_pass(row<float>(parameters), row<float>(gradient), row<float>(velocity_),
             {.momentum = static_cast<float>(momentum), .rate = static_cast<float>(rate), .nesterov = nesterov});
  } else {
    velocity_.mul_(momentum).add_(gradient);
    parameters.add_(nesterov ? gradient.add(velocity_, momentum) : velocity_, -rate);
  }
}

void Sgd::save(TensorFile& file, const std::string& name) const { put(file, name + ".velocity", velocity_); }

void Sgd::restore(const TensorFile& file, const std::string& name) {
  take_into(file, name + ".velocity", velocity_);
}

}  // namespace understudy::nn
