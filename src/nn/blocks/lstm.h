// Long short-term memory (Hochreiter and Schmidhuber 1997; with the forget gate of Gers et al. 2000), as torch::nn::LSTM:
//
//   i = logistic(W_ii x + b_ii + W_hi h + b_hi)
//   f = logistic(W_if x + b_if + W_hf h + b_hf)
//   g = tanh(W_ig x + b_ig + W_hg h + b_hg)
//   o = logistic(W_io x + b_io + W_ho h + b_ho)
//   c' = f c + i g
//   h' = o tanh(c')
//
// Gates of a row: [i | f | g | o], and so the blocks of all weights and biases; both products share all four gradients.
#pragma once

#include "nn/blocks/recurrent.h"

namespace understudy::nn {

const Cell& lstm_cell();

// Its state has two parts, h and c.
class Lstm : public Recurrent {
 public:
  Lstm(Parameters& parameters, const std::string& name, std::int64_t inputs, std::int64_t hidden, std::int64_t layers, Rng& rng)
      : Recurrent(lstm_cell(), parameters, name, inputs, hidden, layers, rng) {}
};

}  // namespace understudy::nn
