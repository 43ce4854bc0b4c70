// A recurrent layer and a linear one on its states, which answer for sequences (understudy/learner.h says what).
#pragma once

#include <algorithm>
#include <memory>
#include <vector>

#include "nn/recurrent.h"
#include "nn/sequence_rows.h"
#include "understudy/random.h"

namespace understudy::nn {

struct SequenceNetwork {
  LearnerTask task = LearnerTask::classify;
  RecurrentShape shape;
  std::int64_t outputs = 1;

  // Parameters of the recurrent layer, then the linear layer's weights [outputs, hidden], then its biases. These begin at
  // `start`, the others uniform in +-1 / sqrt(hidden).
  at::Tensor first(const at::Tensor& start, Rng& rng) const;

  // Answers for some sequences. flat: the parameters; values: padded_values of the batch.
  struct Pass {
    RecurrentPass rows;
    at::Tensor states;  // those that the linear layer sees: each sequence's last (classify), or all (regress)
    at::Tensor raw;     // log-odds [sequences, 1], or numbers [padded rows, outputs]
  };
  Pass pass(const at::Tensor& flat, const at::Tensor& values, const PaddedRows& padded) const;
  // d loss / d parameters from d loss / d raw.
  at::Tensor gradient(const at::Tensor& flat, const PaddedRows& padded, const Pass& pass,
                      const at::Tensor& slopes) const;

 private:
  at::Tensor weights(const at::Tensor& flat) const;
};

std::unique_ptr<const FittedLearner> fitted_network(const SequenceNetwork& network, const at::Tensor& flat);

std::vector<std::int64_t> all_of(const SequenceBatch& batch);

// Calls visit(Chosen) for so few sequences at once that their states take little memory.
template <class Visit>
void for_each_chunk(Chosen chosen, const Visit& visit) {
  constexpr std::size_t kChunk = 256;
  for (std::size_t first = 0; first < chosen.size(); first += kChunk) {
    visit(chosen.subspan(first, std::min(kChunk, chosen.size() - first)));
  }
}

}  // namespace understudy::nn
