// One step of a gated recurrent unit (gru.h has the equations), through linear doors: for networks that are fed their own
// output, where a step is one call. Over whole sequences Gru is faster.
#pragma once

#include <string>

#include "nn/blocks/linear.h"

namespace understudy::nn {

struct GruCell {
  GruCell() = default;
  // name.input.weight [3 hidden, inputs], name.hidden.weight [3 hidden, hidden], each with a bias; blocks r, z, n as in torch;
  // uniform within 1 / sqrt(hidden).
  GruCell(Parameters& parameters, const std::string& name, std::int64_t inputs, std::int64_t hidden, Rng& rng);

  // x [subjects, inputs], state [subjects, hidden] -> the next state.
  at::Tensor operator()(Tape& tape, const at::Tensor& x, const at::Tensor& state) const;

  Linear input, hidden;
};

}  // namespace understudy::nn
