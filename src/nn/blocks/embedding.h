// A table of vectors: ids [...] of 64 bits in [0, words) -> [..., width].
#pragma once

#include <string>

#include "nn/tape.h"
#include "understudy/random.h"

namespace understudy::nn {

struct Embedding {
  Embedding() = default;
  // Adds name.weight [words, width], standard normal.
  Embedding(Parameters& parameters, const std::string& name, std::int64_t words, std::int64_t width, Rng& rng);
  at::Tensor operator()(Tape& tape, const at::Tensor& ids) const { return tape.embedding(ids, weight); }

  Parameter weight;
};

}  // namespace understudy::nn
