// A layer of gated recurrent units (GRU, Cho et al. 2014, arXiv:1406.1078), over one flat row of parameters. Over the row
// x and the state h before it
//
//   r = sigmoid(Wr x + Ur h + br + cr)      z = sigmoid(Wz x + Uz h + bz + cz)
//   i = Un h + cn                           n = tanh(Wn x + bn + r i)              h <- (1 - z) n + z h
//
// The gradient is written out: with torch's graph a step over few features takes two to three times as long.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace understudy::nn {

struct RecurrentShape {
  std::int64_t features = 0;
  std::int64_t hidden = 0;

  std::int64_t parameters() const { return 3 * hidden * (features + hidden + 2); }  // W, U, b, c; each r, z, n
};

// What a pass over the rows, [rows, sequences, features], leaves behind; each [rows, sequences, hidden].
struct RecurrentPass {
  at::Tensor x;
  at::Tensor states;  // after each row, from zeros
  at::Tensor reset, update, inner, fresh;  // r, z, i, n
};
RecurrentPass recurrent_pass(const RecurrentShape& shape, const at::Tensor& flat, const at::Tensor& x);

// d loss / d parameters, in the order of `flat`, from d loss / d states.
at::Tensor recurrent_gradient(const RecurrentShape& shape, const at::Tensor& flat, const RecurrentPass& pass,
                              const at::Tensor& slopes);

}  // namespace understudy::nn
