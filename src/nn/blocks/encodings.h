// Where and when as vectors, and dropout. No parameters.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

#include "understudy/random.h"

namespace understudy::nn {

// times [...] -> [..., width]: sine and cosine of time / longest^(2 i / width), i = 0 .. width / 2 - 1, sines first (Vaswani
// et al. 2017, section 3.5). `width` is even. Also for diffusion steps and for times that are no whole numbers.
at::Tensor sinusoidal(const at::Tensor& times, std::int64_t width, double longest = 10000);

// Zero with this probability, the rest divided by what is left; from our own generator.
at::Tensor dropout(const at::Tensor& x, double probability, Rng& rng);

}  // namespace understudy::nn
