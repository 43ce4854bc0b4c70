#include "nn/blocks/bidirectional.h"

#include <ATen/ATen.h>

namespace understudy::nn {

BidirectionalGru::BidirectionalGru(Parameters& parameters, const std::string& name, std::int64_t inputs, std::int64_t hidden,
                                   std::int64_t layers, Rng& rng) {
  for (std::int64_t i = 0; i < layers; ++i) {
    const std::string layer = name + "." + std::to_string(i);
    const std::int64_t width = i == 0 ? inputs : 2 * hidden;
    forwards_.emplace_back(parameters, layer + ".forward", width, hidden, 1, rng);
    backwards_.emplace_back(parameters, layer + ".backward", width, hidden, 1, rng);
  }
}

at::Tensor BidirectionalGru::operator()(Tape& tape, const at::Tensor& x) const {
  at::Tensor h = x;
  for (std::size_t i = 0; i < forwards_.size(); ++i) {
    h = at::cat({forwards_[i](tape, h), backwards_[i](tape, h.flip(1)).flip(1)}, 2);
  }
  return h;
}

}  // namespace understudy::nn
