// Which weights of a layer count. The others are 0 whatever stands in the parameters, and have no gradient.
//
// Products are taken in stripes of outputs, each over as many inputs as any of them sees: of a triangle a half is skipped.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

namespace understudy::nn {

struct WeightMask {
  struct Stripe {
    std::int64_t first = 0, outputs = 0;  // outputs [first, first + outputs)
    std::int64_t inputs = 0;              // see the first so many inputs at most
  };

  WeightMask() = default;
  // ones: float [out, in] of zeros and ones.
  explicit WeightMask(at::Tensor ones, std::int64_t outputs_of_a_stripe = 128);

  at::Tensor ones;
  std::vector<Stripe> stripes;
};

// x [rows, in] times the weight's [out, in] entries that count, transposed, and the bias [out], where it is defined. Derivatives by
// all three. The mask must outlive the backward pass.
at::Tensor masked_product(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias, const WeightMask& mask);

}  // namespace understudy::nn
