// Trains one part of the GAN: generator and critic, turn by turn.
//
//   GanTrainer trainer(settings, rows, blocks, context.rng("gan"), context.threads);
//   while (!trainer.done()) trainer.step();
//   nn::Mlp generator = trainer.averaged();
//
// Every random number comes from a stream named after the step and the shard that needs it, so the state is weights,
// optimiser and step number alone: a training that continues from it gives the same bytes as one that never stopped.
#pragma once

#include "generators/gan/rows.h"
#include "generators/gan/settings.h"
#include "nn/adam.h"
#include "nn/mlp.h"
#include "nn/shards.h"
#include "understudy/tensor_file.h"

namespace understudy {

class GanTrainer {
 public:
  // `rows` must outlive the trainer. Over ranks each computes some of the shards; all have the same rows and weights.
  GanTrainer(const GanSettings& settings, const GanRows& rows, std::span<const Block> blocks, const Rng& rng,
             int threads, Ranks* ranks = nullptr);

  void step();
  std::int64_t steps() const { return steps_; }
  bool done() const { return steps_ >= settings_.steps; }

  // The generator with the running mean of its weights.
  nn::Mlp averaged() const { return nn::Mlp(generator_.widths(), average_); }

  void save(TensorFile& file, const std::string& name) const;
  void restore(const TensorFile& file, const std::string& name);  // ErrorKind::input when it does not fit

 private:
  // Outputs of the generator for one shard.
  struct Fakes {
    at::Tensor raw;         // [draws * pack, window * width]
    at::Tensor conditions;  // [draws, conditions]
    Rng rng;                // for the choices
  };

  Rng stream(std::string_view purpose, std::int64_t shard) const;
  Fakes fakes(const nn::Mlp& generator, Rng rng) const;
  at::Tensor rows_of(const at::Tensor& raw) const;      // [n, window * width] -> [n * window, width]
  at::Tensor seen(const at::Tensor& rows, const at::Tensor& conditions) const;  // what the critic sees of rows
  at::Tensor moment_features(const Fakes& fakes) const;
  std::vector<at::Tensor> critic_gradient(std::int64_t turn, std::int64_t shard) const;
  std::vector<at::Tensor> generator_gradient(std::int64_t shard) const;
  at::Tensor adversarial_loss(const Fakes& fakes, Rng& rng) const;
  at::Tensor boundary_loss(const Fakes& fakes, Rng& rng) const;
  double rate() const;

  GanSettings settings_;
  const GanRows& rows_;
  GanHead head_;
  Rng rng_;
  nn::ShardPool pool_;
  Ranks* ranks_;
  std::int64_t steps_ = 0;
  nn::Mlp generator_, critic_;
  nn::Adam generator_adam_, critic_adam_;
  at::Tensor average_;             // running mean of the generator's parameters
  at::Tensor target_;              // moments of the training rows
  at::Tensor moments_;             // running mean of the generator's moments
  at::Tensor moment_mask_;         // which of them count
};

}  // namespace understudy
