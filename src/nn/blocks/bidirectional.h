// Gated recurrent units in both directions (Schuster and Paliwal 1997), layers on top of each other: each sees, of every step,
// what both directions of the layer below made of it, as torch::nn::GRU with bidirectional = true. All sequences have the same
// length: the way back begins at the last step.
#pragma once

#include <string>
#include <vector>

#include "nn/blocks/gru.h"

namespace understudy::nn {

class BidirectionalGru {
 public:
  // Parameters NAME.0.forward.0.input_weight, NAME.0.backward.0.input_weight and so on.
  BidirectionalGru(Parameters& parameters, const std::string& name, std::int64_t inputs, std::int64_t hidden, std::int64_t layers, Rng& rng);

  // x [subjects windows, steps, inputs] -> [.., steps, 2 hidden], forwards first. It must outlive the backward pass.
  at::Tensor operator()(Tape& tape, const at::Tensor& x) const;

 private:
  std::vector<Gru> forwards_, backwards_;
};

}  // namespace understudy::nn
