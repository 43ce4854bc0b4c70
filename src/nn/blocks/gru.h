// Gated recurrent units (Cho et al. 2014, arXiv:1406.1078), in the form of cuDNN and torch::nn::GRU:
//
//   r = logistic(W_ir x + b_ir + W_hr h + b_hr)
//   z = logistic(W_iz x + b_iz + W_hz h + b_hz)
//   n = tanh(W_in x + b_in + r (W_hn h + b_hn))
//   h' = (1 - z) n + z h
//
// Gates of a row: [W_hn h + b_hn | r | z | n]. So the blocks of the hidden weight and bias are in the order n, r, z; those
// of the input are r, z, n.
#pragma once

#include "nn/blocks/recurrent.h"

namespace understudy::nn {

const Cell& gru_cell();

// Its state has one part, h.
class Gru : public Recurrent {
 public:
  Gru(Parameters& parameters, const std::string& name, std::int64_t inputs, std::int64_t hidden, std::int64_t layers, Rng& rng)
      : Recurrent(gru_cell(), parameters, name, inputs, hidden, layers, rng) {}
};

}  // namespace understudy::nn
