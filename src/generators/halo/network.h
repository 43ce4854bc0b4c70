// The network of HALO (Theodorou, Xiao and Sun 2023, arXiv:2304.02169, Nature Communications 14:5305): a causal transformer over
// visits, and a head that goes through a visit code by code.
//
//   const HaloNetwork network({.codes = 300, .context = 48}, chances, rng);
//   nn::Tape tape = nn::Tape::plain(network.flat());
//   tape.backward(network.loss(tape, visits, asked));      // summed over subjects, visits and codes
//
// Coarse: a visit's codes times an embedding, plus a learnt vector for its place; layers with the normalisation first and GELU,
// as GPT-2; a last normalisation. What it says after visit t is history_t, of all visits up to t.
// Fine: two masked layers on [history_t, visit_{t+1}] with ReLU between. Their masks are lower triangles, so the logit of code j
// sees the history and the codes before j.
//
// What a code tells the next one passes through the one hidden unit between them. Where that unit is below 0 for everybody, ReLU
// would stop it from being learnt at all; in a large vocabulary that hardly matters, in a small one it does (HaloShape::slope).
//
// Against the public implementation: the start is the first place's vector and has no code; the second masked layer has the
// outputs that are used and no others; the last biases begin at the log-odds of independent columns; GELU is exact.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <span>
#include <vector>

#include "generators/halo/shape.h"
#include "nn/blocks/attention.h"
#include "nn/blocks/masked_linear.h"
#include "understudy/random.h"

namespace understudy {

class HaloNetwork {
 public:
  // chances [codes]: of each code where it is asked for, were it independent of all else; strictly between 0 and 1.
  HaloNetwork(const HaloShape& shape, std::span<const double> chances, Rng& rng);

  const HaloShape& shape() const { return shape_; }
  const at::Tensor& flat() const { return parameters_.flat(); }  // the first parameters, float
  static std::int64_t parameters(const HaloShape& shape);        // how many

  // visits [subjects, visits, codes], of zeros and ones; at most `context` visits. [subjects, visits, width]
  at::Tensor history(nn::Tape& tape, const at::Tensor& visits) const;
  // Of the codes of `visits` [subjects, visits, codes], given the histories before each [subjects, visits, width].
  at::Tensor logits(nn::Tape& tape, const at::Tensor& history, const at::Tensor& visits) const;
  // Nats of the codes of all visits but the first that `asked` [subjects, visits - 1, codes] has as 1, summed.
  at::Tensor loss(nn::Tape& tape, const at::Tensor& visits, const at::Tensor& asked) const;

  // For drawing visit by visit: the history after a visit [subjects, 1, codes], given those before; a memory a layer, of at most
  // so many visits.
  std::vector<nn::AttentionMemory> begin(std::int64_t subjects, std::int64_t visits) const;
  at::Tensor next(nn::Tape& tape, const at::Tensor& visit, std::vector<nn::AttentionMemory>& memories) const;
  // The head, for whoever draws code by code (sampler.h).
  const nn::MaskedLinear& first() const { return first_; }
  const nn::MaskedLinear& second() const { return second_; }

 private:
  HaloShape shape_;
  nn::Parameters parameters_;
  nn::Linear embedding_;
  nn::Parameter places_;
  std::vector<nn::TransformerLayer> layers_;
  nn::LayerNorm last_;
  nn::MaskedLinear first_, second_;
};

}  // namespace understudy
