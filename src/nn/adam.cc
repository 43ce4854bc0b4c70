#include "nn/adam.h"

#include <ATen/ATen.h>

#include <cmath>

#include "nn/store.h"

namespace understudy::nn {

Adam::Adam(std::int64_t parameters, AdamOptions options)
    : options_(options), first_(at::zeros({parameters}, at::kFloat)), second_(at::zeros({parameters}, at::kFloat)) {}

void Adam::step(const at::Tensor& parameters, const at::Tensor& gradient, double rate) {
  ++steps_;
  const auto t = static_cast<double>(steps_);
  first_.mul_(options_.beta1).add_(gradient, 1 - options_.beta1);
  second_.mul_(options_.beta2).addcmul_(gradient, gradient, 1 - options_.beta2);
  const at::Tensor scale = (second_ / (1 - std::pow(options_.beta2, t))).sqrt_().add_(options_.epsilon);
  parameters.addcdiv_(first_, scale, -rate / (1 - std::pow(options_.beta1, t)));
}

void Adam::save(TensorFile& file, const std::string& name) const {
  put(file, name + ".first", first_);
  put(file, name + ".second", second_);
  file.put(name + ".steps", {1}, std::span<const std::int64_t>(&steps_, 1));
}

void Adam::restore(const TensorFile& file, const std::string& name) {
  take_into(file, name + ".first", first_);
  take_into(file, name + ".second", second_);
  steps_ = file.integers(name + ".steps").at(0);
}

}  // namespace understudy::nn
