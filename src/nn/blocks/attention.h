// Multi-head attention (Vaswani et al. 2017, arXiv:1706.03762) and the layers made of it. x [windows, steps, width].
#pragma once

#include <string>

#include "nn/blocks/linear.h"
#include "nn/blocks/normalise.h"

namespace understudy::nn {

// A mask is added to the scores: 0 where a step may be looked at, -infinity where not; [steps, steps of memory], or with
// the windows in front. Undefined: none. A step that may look at nothing gives NaN.
at::Tensor causal_mask(std::int64_t steps, const at::TensorOptions& options);

// What the steps so far have left behind, for a sequence that is drawn step by step.
struct AttentionMemory {
  // Of at most so many steps.
  AttentionMemory(std::int64_t windows, std::int64_t heads, std::int64_t most, std::int64_t width, const at::TensorOptions& options);
  void keep(std::int64_t windows);  // the first ones go on, the others are at their end

  at::Tensor keys, values;  // [windows, heads, most, width / heads], filled up to `steps`
  std::int64_t steps = 0;
};

struct SelfAttention {
  SelfAttention() = default;
  // name.in [3 width, width], name.out [width, width], with biases. `heads` divides the width.
  SelfAttention(Parameters& parameters, const std::string& name, std::int64_t width, std::int64_t heads, Rng& rng);
  at::Tensor operator()(Tape& tape, const at::Tensor& x, const at::Tensor& mask = {}) const;
  // The next step of each window, [windows, 1, width]: what a causal pass over all steps gives there.
  at::Tensor next(Tape& tape, const at::Tensor& x, AttentionMemory& memory) const;

  std::int64_t heads = 1;
  Linear in, out;
};

// Of x over another sequence of the same window.
struct CrossAttention {
  CrossAttention() = default;
  // name.query [width, width], name.memory [2 width, width of the memory], name.out [width, width].
  CrossAttention(Parameters& parameters, const std::string& name, std::int64_t width, std::int64_t memory_width,
                 std::int64_t heads, Rng& rng);
  at::Tensor operator()(Tape& tape, const at::Tensor& x, const at::Tensor& memory, const at::Tensor& mask = {}) const;

  std::int64_t heads = 1;
  Linear query, memory, out;
};

struct TransformerOptions {
  std::int64_t width = 128;
  std::int64_t heads = 4;
  std::int64_t inner = 512;   // of the feed-forward part
  bool norm_first = true;     // before the parts, else after the sums, as in the paper
  bool gelu = true;           // else ReLU
};

// Attention and two linear layers, each with a residual and a normalisation.
struct TransformerLayer {
  TransformerLayer() = default;
  TransformerLayer(Parameters& parameters, const std::string& name, const TransformerOptions& options, Rng& rng);
  at::Tensor operator()(Tape& tape, const at::Tensor& x, const at::Tensor& mask = {}) const;
  at::Tensor next(Tape& tape, const at::Tensor& x, AttentionMemory& memory) const;  // as SelfAttention's

  TransformerOptions options;
  SelfAttention attention;
  Linear up, down;
  LayerNorm first, second;
};

}  // namespace understudy::nn
