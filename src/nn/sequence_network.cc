#include "nn/sequence_network.h"

#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>

#include <cmath>
#include <numeric>

#include "nn/noise.h"
#include "nn/serial.h"
#include "understudy/error.h"

namespace understudy::nn {
namespace {

class FittedNetwork : public FittedLearner {
 public:
  FittedNetwork(const SequenceNetwork& network, const at::Tensor& flat) : network_(network), flat_(flat) {}

  std::vector<float> answers(const SequenceBatch& batch) const override {
    use_one_thread();
    const c10::InferenceMode no_graph;
    check_batch(batch);
    if (batch.features != network_.shape.features) {
      fail(ErrorKind::internal, "the batch has {} features, the fit had {}", batch.features, network_.shape.features);
    }
    const bool classify = network_.task == LearnerTask::classify;
    const std::int64_t count = classify ? batch.size() : batch.rows();
    const at::Tensor values = padded_values(batch.values, batch.features, 0);
    at::Tensor result = at::zeros({count + 1, network_.outputs}, at::kFloat);  // the last for padding
    for_each_chunk(all_of(batch), [&](Chosen chosen) {
      const PaddedRows padded = padded_rows(batch, chosen);
      const at::Tensor raw = network_.pass(flat_, values, padded).raw;
      result.index_copy_(0, classify ? index_tensor(chosen) : padded.rows, classify ? raw.sigmoid() : raw);
    });
    const float* first = result.data_ptr<float>();
    return {first, first + count * network_.outputs};
  }

 private:
  SequenceNetwork network_;
  at::Tensor flat_;
};

}  // namespace

at::Tensor SequenceNetwork::first(const at::Tensor& start, Rng& rng) const {
  const double bound = 1 / std::sqrt(static_cast<double>(shape.hidden));
  const std::int64_t drawn = shape.parameters() + outputs * shape.hidden;
  return at::cat({uniforms(rng, drawn).view({-1}).mul_(2).sub_(1).mul_(bound), start});
}

at::Tensor SequenceNetwork::weights(const at::Tensor& flat) const {
  return flat.narrow(0, shape.parameters(), outputs * shape.hidden).view({outputs, shape.hidden});
}

SequenceNetwork::Pass SequenceNetwork::pass(const at::Tensor& flat, const at::Tensor& values,
                                            const PaddedRows& padded) const {
  const at::Tensor x = values.index_select(0, padded.rows).view({-1, padded.sequences, shape.features});
  Pass result;
  result.rows = recurrent_pass(shape, flat, x);
  result.states = result.rows.states.view({-1, shape.hidden});
  if (task == LearnerTask::classify) result.states = result.states.index_select(0, padded.last);
  result.raw = at::linear(result.states, weights(flat), flat.narrow(0, flat.numel() - outputs, outputs));
  return result;
}

at::Tensor SequenceNetwork::gradient(const at::Tensor& flat, const PaddedRows& padded, const Pass& pass,
                                     const at::Tensor& slopes) const {
  at::Tensor by_state = at::matmul(slopes, weights(flat));
  if (task == LearnerTask::classify) {
    by_state = at::zeros({padded.rows.size(0), shape.hidden}, by_state.options()).index_copy_(0, padded.last, by_state);
  }
  return at::cat({recurrent_gradient(shape, flat, pass.rows, by_state.view_as(pass.rows.states)),
                  at::matmul(slopes.t(), pass.states).view({-1}), slopes.sum(0)});
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
