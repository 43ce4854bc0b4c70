#include "nn/weight_mask.h"

#include <ATen/ATen.h>
#include <torch/csrc/autograd/custom_function.h>

#include <algorithm>

namespace understudy::nn {
namespace {

at::Tensor block(const at::Tensor& weight, const WeightMask::Stripe& stripe) {
  return weight.narrow(0, stripe.first, stripe.outputs).narrow(1, 0, stripe.inputs);
}

struct MaskedProduct : torch::autograd::Function<MaskedProduct> {
  static at::Tensor forward(torch::autograd::AutogradContext* context, const at::Tensor& x, const at::Tensor& weight,
                            const WeightMask* mask) {
    const at::Tensor kept = weight * mask->ones;
    at::Tensor y = at::zeros({x.size(0), weight.size(0)}, x.options());
    for (const WeightMask::Stripe& stripe : mask->stripes) {
      if (stripe.inputs == 0) continue;
      y.narrow(1, stripe.first, stripe.outputs).addmm_(x.narrow(1, 0, stripe.inputs), block(kept, stripe).t());
    }
    context->save_for_backward({x, kept});
    context->saved_data["mask"] = reinterpret_cast<std::int64_t>(mask);
    context->saved_data["x"] = x.requires_grad();
    context->saved_data["weight"] = weight.requires_grad();
    return y;
  }

  static torch::autograd::tensor_list backward(torch::autograd::AutogradContext* context, torch::autograd::tensor_list gradients) {
    const auto* mask = reinterpret_cast<const WeightMask*>(context->saved_data["mask"].toInt());
    const auto saved = context->get_saved_variables();
    const at::Tensor &x = saved[0], &kept = saved[1], &gradient = gradients[0];
    at::Tensor of_x, of_weight;
    if (context->saved_data["x"].toBool()) of_x = at::zeros_like(x);
    if (context->saved_data["weight"].toBool()) of_weight = at::zeros_like(kept);
    for (const WeightMask::Stripe& stripe : mask->stripes) {
      if (stripe.inputs == 0) continue;
      const at::Tensor own = gradient.narrow(1, stripe.first, stripe.outputs);
      if (of_x.defined()) of_x.narrow(1, 0, stripe.inputs).addmm_(own, block(kept, stripe));
      if (of_weight.defined()) block(of_weight, stripe).addmm_(own.t(), x.narrow(1, 0, stripe.inputs));
    }
    if (of_weight.defined()) of_weight.mul_(mask->ones);
    return {of_x, of_weight, at::Tensor()};
  }
};

}  // namespace

WeightMask::WeightMask(at::Tensor all, std::int64_t size) : ones(std::move(all)) {
  const at::Tensor seen = (ones * at::arange(1, ones.size(1) + 1, ones.options())).amax(1);  // the last input of each output, from 1
  for (std::int64_t first = 0; first < ones.size(0); first += size) {
    const std::int64_t outputs = std::min(size, ones.size(0) - first);
    stripes.push_back({.first = first, .outputs = outputs, .inputs = seen.narrow(0, first, outputs).max().item<std::int64_t>()});
  }
}

at::Tensor masked_product(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias, const WeightMask& mask) {
  const at::Tensor y = MaskedProduct::apply(x, weight, &mask);
  return bias.defined() ? y + bias : y;
}

}  // namespace understudy::nn
