// The networks of bench_dp_step, each twice: torch's own modules, and our blocks.
#pragma once

#include <ATen/ATen.h>
#include <torch/nn.h>

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "nn/blocks/attention.h"
#include "nn/blocks/gru.h"
#include "nn/blocks/linear.h"
#include "nn/blocks/recurrent.h"
#include "nn/clipped_sum.h"
#include "nn/noise.h"

namespace understudy::nn {

// The same network twice. loss: the sum of squared outputs over the given rows of x.
struct Pair {
  std::function<at::Tensor(const at::Tensor& x)> theirs;
  std::vector<at::Tensor> their_parameters;
  Parameters ours;
  SubjectLoss loss;
  at::Tensor x;

  void move_to(const at::Device& device, torch::nn::Module& module) {
    module.to(device);
    their_parameters = module.parameters();
    ours.move_to(device);
  }
};

// Their rows of x; of nobody, the first.
inline at::Tensor chosen(const at::Tensor& x, std::span<const std::int64_t> subjects) {
  const auto count = static_cast<std::int64_t>(subjects.size());
  if (subjects.front() >= 0 && subjects.back() == subjects.front() + count - 1) return x.narrow(0, subjects.front(), count);
  const at::Tensor rows = at::from_blob(const_cast<std::int64_t*>(subjects.data()), {count}, at::kLong);
  return x.index_select(0, rows.clamp_min(0).to(x.device()));
}

inline const std::vector<std::int64_t> widths = {128, 512, 512, 512, 512, 128};  // of mlp

inline Pair mlp(std::int64_t subjects, const at::Device& device) {
  Rng rng(1);
  Pair pair;
  torch::nn::Sequential theirs;
  std::vector<Linear> layers;
  for (std::size_t i = 0; i + 1 < widths.size(); ++i) {
    theirs->push_back(torch::nn::Linear(widths[i], widths[i + 1]));
    if (i + 2 < widths.size()) theirs->push_back(torch::nn::ReLU());
    layers.emplace_back(pair.ours, std::to_string(i), widths[i], widths[i + 1], rng);
  }
  pair.theirs = [theirs](const at::Tensor& x) mutable { return theirs->forward(x); };
  pair.move_to(device, *theirs);
  pair.x = normals(rng, subjects, 128).to(device);
  pair.loss = [layers, x = pair.x](Tape& tape, std::span<const std::int64_t> some) {
    at::Tensor h = chosen(x, some);
    for (std::size_t i = 0; i < layers.size(); ++i) {
      h = layers[i](tape, h);
      if (i + 1 < layers.size()) h = at::relu(h);
    }
    return h.square().sum();
  };
  return pair;
}

inline Pair transformer(std::int64_t subjects, const at::Device& device) {
  Rng rng(1);
  Pair pair;
  torch::nn::TransformerEncoder theirs(
      torch::nn::TransformerEncoderOptions(torch::nn::TransformerEncoderLayerOptions(256, 4).dim_feedforward(1024).dropout(0), 4));
  std::vector<TransformerLayer> layers;
  for (int i = 0; i < 4; ++i) {
    layers.emplace_back(pair.ours, std::to_string(i),
                        TransformerOptions{.width = 256, .heads = 4, .inner = 1024, .norm_first = false, .gelu = false}, rng);
  }
  pair.theirs = [theirs](const at::Tensor& x) mutable { return theirs->forward(x.transpose(0, 1)); };
  pair.move_to(device, *theirs);
  pair.x = normals(rng, subjects * 96, 256).view({subjects, 96, 256}).to(device);
  pair.loss = [layers, x = pair.x](Tape& tape, std::span<const std::int64_t> some) {
    at::Tensor h = chosen(x, some);
    for (const TransformerLayer& layer : layers) h = layer(tape, h);
    return h.square().sum();
  };
  return pair;
}

inline Pair gru(std::int64_t subjects, const at::Device& device) {
  Rng rng(1);
  Pair pair;
  torch::nn::GRU theirs(torch::nn::GRUOptions(64, 256).num_layers(2).batch_first(true));
  const Recurrent ours(gru_cell(), pair.ours, "gru", 64, 256, 2, rng);
  pair.theirs = [theirs](const at::Tensor& x) mutable { return std::get<0>(theirs->forward(x)); };
  pair.move_to(device, *theirs);
  pair.x = normals(rng, subjects * 48, 64).view({subjects, 48, 64}).to(device);
  pair.loss = [ours, x = pair.x](Tape& tape, std::span<const std::int64_t> some) { return ours(tape, chosen(x, some)).square().sum(); };
  return pair;
}

}  // namespace understudy::nn
