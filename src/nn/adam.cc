#include "nn/adam.h"

#include <ATen/ATen.h>

#include <cmath>

#include "nn/passes.h"
#include "nn/row.h"
#include "nn/store.h"

namespace understudy::nn {

Adam::Adam(std::int64_t parameters, AdamOptions options)
    : options_(options), first_(at::zeros({parameters}, at::kFloat)), second_(at::zeros({parameters}, at::kFloat)) {}

void Adam::step(const at::Tensor& parameters, const at::Tensor& gradient, double rate) {
  check_row(first_.numel(), parameters);
  check_row(first_.numel(), gradient);
  first_ = first_.to(parameters.device());
  second_ = second_.to(parameters.device());
  ++steps_;
  const auto [beta1, beta2, epsilon, weight_decay] = options_;
  const double keep = 1 - rate * weight_decay;
  const auto t = static_cast<double>(steps_);
  const double unbiased_rate = rate / (1 - std::pow(beta1, t)), unbias = 1 / (1 - std::pow(beta2, t));
  if (dense_here({parameters, gradient})) {
    adam_pass(row<float>(parameters), row<float>(gradient), row<float>(first_), row<float>(second_),
              {.beta1 = static_cast<float>(beta1),
               .beta2 = static_cast<float>(beta2),
               .epsilon = static_cast<float>(epsilon),
               .rate = static_cast<float>(unbiased_rate),
               .unbias = static_cast<float>(unbias),
               .keep = static_cast<float>(keep)});
  } else {
    first_.mul_(beta1).add_(gradient, 1 - beta1);
    second_.mul_(beta2).addcmul_(gradient, gradient, 1 - beta2);
    parameters.mul_(keep).addcdiv_(first_, (second_ * unbias).sqrt_().add_(epsilon), -unbiased_rate);
  }
}

void Adam::save(TensorFile& file, const std::string& name) const {
  put(file, name + ".first", first_);
  put(file, name + ".second", second_);
  put_count(file, name + ".steps", steps_);
}

void Adam::restore(const TensorFile& file, const std::string& name) {
  take_into(file, name + ".first", first_);
  take_into(file, name + ".second", second_);
  steps_ = take_count(file, name + ".steps");
}

}  // namespace understudy::nn
