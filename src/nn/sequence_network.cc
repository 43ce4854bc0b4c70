#include "nn/sequence_network.h"

#include <ATen/ATen.h>

#include <numeric>

#include "nn/serial.h"
#include "understudy/error.h"

namespace understudy::nn {
namespace {

class FittedNetwork : public FittedLearner {
 public:
  FittedNetwork(const SequenceNetwork& network, const at::Tensor& flat) : network_(network), flat_(flat) {}

  std::vector<float> answers(const SequenceBatch& batch) const override {
    use_one_thread();
    check_batch(batch);
    if (batch.features != network_.features()) {
      fail(ErrorKind::internal, "the batch has {} features, the fit had {}", batch.features, network_.features());
    }
    const bool classify = network_.task() == LearnerTask::classify;
    const std::int64_t count = classify ? batch.size() : batch.rows();
    const at::Tensor values = padded_values(batch.values, batch.features, 0);
    at::Tensor result = at::zeros({count + 1, network_.outputs()}, at::kFloat);  // the last for padding
    for_each_chunk(all_of(batch), [&](Chosen chosen) {
      const PaddedRows padded = padded_rows(batch, chosen);
      Tape tape = Tape::sampling(flat_);
      const at::Tensor raw = network_.answers(tape, values, padded);
      result.index_copy_(0, classify ? index_tensor(chosen) : padded.rows, classify ? raw.sigmoid() : raw);
    });
    const float* first = result.data_ptr<float>();
    return {first, first + count * network_.outputs()};
  }

 private:
  SequenceNetwork network_;
  at::Tensor flat_;
};

}  // namespace

SequenceNetwork::SequenceNetwork(LearnerTask task, std::int64_t features, std::int64_t hidden, const at::Tensor& start, Rng& rng)
    : task_(task), features_(features), outputs_(start.numel()), gru_(parameters_, "gru", features, hidden, 1, rng),
      out_(parameters_, "out", hidden, outputs_, rng) {
  parameters_.value(*out_.bias).copy_(start);
}

at::Tensor SequenceNetwork::answers(Tape& tape, const at::Tensor& values, const PaddedRows& padded) const {
  const at::Tensor x = values.index_select(0, padded.rows).view({padded.sequences, -1, features_});
  const at::Tensor output = gru_(tape, x);
  const at::Tensor states = output.reshape({-1, output.size(2)});
  return out_(tape, task_ == LearnerTask::classify ? states.index_select(0, padded.last) : states);
}

std::unique_ptr<const FittedLearner> fitted_network(const SequenceNetwork& network, const at::Tensor& flat) {
  return std::make_unique<FittedNetwork>(network, flat);
}

std::vector<std::int64_t> all_of(const SequenceBatch& batch) {
  std::vector<std::int64_t> result(static_cast<std::size_t>(batch.size()));
  std::iota(result.begin(), result.end(), 0);
  return result;
}

}  // namespace understudy::nn
