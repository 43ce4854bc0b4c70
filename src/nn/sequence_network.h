// A recurrent layer and a linear one on its states, which answer for sequences (understudy/learner.h says what).
#pragma once

#include <algorithm>
#include <memory>
#include <vector>

#include "nn/blocks/gru.h"
#include "nn/blocks/linear.h"
#include "nn/sequence_rows.h"

namespace understudy::nn {

class SequenceNetwork {
 public:
  // `start` [outputs]: what the linear layer's biases begin at; all else is uniform in +-1 / sqrt(hidden).
  SequenceNetwork(LearnerTask task, std::int64_t features, std::int64_t hidden, const at::Tensor& start, Rng& rng);

  LearnerTask task() const { return task_; }
  std::int64_t features() const { return features_; }
  std::int64_t outputs() const { return outputs_; }
  const at::Tensor& flat() const { return parameters_.flat(); }  // the first parameters

  // Answers for some sequences: log-odds [sequences, 1] (classify), or numbers [padded rows, outputs]. values:
  // padded_values of the batch.
  at::Tensor answers(Tape& tape, const at::Tensor& values, const PaddedRows& padded) const;

 private:
  LearnerTask task_;
  std::int64_t features_, outputs_;
  Parameters parameters_;
  Gru gru_;
  Linear out_;
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
