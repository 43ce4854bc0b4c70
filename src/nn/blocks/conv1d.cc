#include "nn/blocks/conv1d.h"

#include <ATen/ATen.h>

#include <cmath>

namespace understudy::nn {

Conv1d::Conv1d(Parameters& parameters, const std::string& name, std::int64_t in, std::int64_t out, ConvOptions chosen, Rng& rng)
    : linear(parameters, name, in * chosen.kernel, out, rng), options(chosen) {}

at::Tensor Conv1d::operator()(Tape& tape, const at::Tensor& x) const {
  const at::Tensor padded = options.padding > 0 ? at::constant_pad_nd(x, {0, 0, options.padding, options.padding}) : x;
  const at::Tensor spans = padded.unfold(1, options.dilation * (options.kernel - 1) + 1, options.stride);
  const at::Tensor taken = options.dilation > 1 ? spans.slice(3, 0, spans.size(3), options.dilation) : spans;
  return linear(tape, taken.flatten(2));
}

ConvTranspose1d::ConvTranspose1d(Parameters& parameters, const std::string& name, std::int64_t in, std::int64_t out,
                                 ConvOptions chosen, Rng& rng)
    : linear(parameters, name, in, out * chosen.kernel, rng, /*has_bias=*/false),
      bias(parameters.add(name + ".bias", uniform_within(1 / std::sqrt(static_cast<double>(out * chosen.kernel)), {out}, rng))),
      options(chosen) {}

at::Tensor ConvTranspose1d::operator()(Tape& tape, const at::Tensor& x) const {
  const std::int64_t steps = (x.size(1) - 1) * options.stride - 2 * options.padding + options.kernel;
  const at::Tensor parts = linear(tape, x).transpose(1, 2);  // [windows, out * kernel, steps]
  const at::Tensor sums = at::col2im(parts, {steps, 1}, {options.kernel, 1}, {1, 1}, {options.padding, 0}, {options.stride, 1});
  return sums.squeeze(3).transpose(1, 2) + tape.each(bias, x.size(0)).unsqueeze(1);
}

}  // namespace understudy::nn
