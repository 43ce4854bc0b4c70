// Recurrent layers, one operation for the whole sequence: one product for all steps of the inputs, one product and one loop
// a step for the states, and one product for all steps of each weight's gradient.
//
// The gates of a step are one row of four blocks of `hidden` numbers. On the way back the same memory takes the gradients
// of the gates. The gradients of the input's products are one window of it, those of the state's products another, and
// the inputs of the latter are the states themselves; so a tape by subject is handed what there is, without a copy.
//
// Inside, steps are outermost: [steps, windows, subjects, width]. Steps and windows together are the rows of a subject.
//
// Sequences of unequal length need no mask. No later step reaches an earlier one, so where nothing outside asks for a
// padded step its gradient is zero, in the norms too. Padding must be finite, and the state of a short sequence is its
// output at the last true step. (Recurrent.PaddedStepsDoNotMatter)
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <string>
#include <vector>

#include "nn/parameters.h"
#include "nn/tape.h"
#include "understudy/random.h"

namespace understudy::nn {

// The pointwise part of a step, for many rows at once. gates [rows, 4 hidden], before and after [parts, rows, hidden],
// gradient [rows, hidden]; inner two dimensions without gaps. Written in place.
struct Pointwise {
  // gates: the products, with biases; becomes what the way back needs. after: written.
  void (*forward)(const at::Tensor& gates, const at::Tensor& before, const at::Tensor& after);
  // gates: as forward left them; become the gradients of the products. gradient: of the step's output. carry [parts, rows,
  // hidden]: of `after` from later steps; becomes that of `before`, without its part through the products.
  void (*backward)(const at::Tensor& gates, const at::Tensor& before, const at::Tensor& after, const at::Tensor& gradient,
                   const at::Tensor& carry);
};

// What a kind of recurrent layer is.
struct Cell {
  std::int64_t blocks;      // of a weight, each [hidden, ...]
  std::int64_t input_from;  // the input's window of the gates is the blocks from here on, the state's the first ones
  std::int64_t parts;       // of a state; the first is the output
  Pointwise loops;          // on the CPU
  Pointwise operations;     // on tensors anywhere: for other devices, and the slow reference of the loops
};

struct RecurrentLayer {
  Parameter input_weight, input_bias;    // [blocks hidden, inputs], [blocks hidden]
  Parameter hidden_weight, hidden_bias;  // [blocks hidden, hidden], [blocks hidden]
};

// Layers on top of each other. It must outlive the backward pass.
class Recurrent {
 public:
  struct Run {
    at::Tensor output;  // of the last layer after each step, [subjects windows, steps, hidden]; may be strided
    at::Tensor state;   // of all layers after the last step, [layers, parts, subjects windows, hidden]
  };

  // Parameters NAME.0.input_weight and so on, uniform within 1 / sqrt(hidden).
  Recurrent(const Cell& cell, Parameters& parameters, const std::string& name, std::int64_t inputs, std::int64_t hidden,
            std::int64_t layers, Rng& rng);

  // x [subjects windows, steps, inputs], float; steps >= 1. From states of zeros; gives the output.
  at::Tensor operator()(Tape& tape, const at::Tensor& x) const;
  // `state` as in Run.
  Run run(Tape& tape, const at::Tensor& x, const at::Tensor& state) const;

  const std::vector<RecurrentLayer>& layers() const { return layers_; }

 private:
  const Cell* cell_;
  std::int64_t hidden_;
  std::vector<RecurrentLayer> layers_;
};

}  // namespace understudy::nn
