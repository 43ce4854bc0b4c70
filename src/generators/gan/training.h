// The training of one part of the GAN: generator and critic, turn by turn.
//
//   GanTraining training(settings, codec.blocks(), described, rng, context);
//   training.play(rows);                                        // or play(sums, expected), with privacy
//   nn::train(training.trainer(), checkpoint, context, stretch);
//   nn::Mlp generator = training.averaged();
//
// Every random number comes from a stream named after the turn and the shard, or the subject, that needs it.
#pragma once

#include <optional>

#include "generators/gan/game.h"
#include "nn/private_gradient.h"
#include "nn/shards.h"
#include "understudy/context.h"

namespace understudy {

class GanTraining {
 public:
  // described: rows that the generator's side may know: shares to start at, moments to meet, conditions to draw under.
  // Without privacy the training rows; with it rows that are drawn from what was bought, whose columns are independent, so
  // that only their means and squares count (alone). Over context.ranks each computes some of the shards of a batch; all have
  // the same rows and weights.
  struct Described {
    const GanRows& rows;
    bool alone = false;
  };
  GanTraining(const GanSettings& settings, std::span<const Block> blocks, const Described& described, const Rng& rng, const Context& context);
  GanTraining(const GanTraining&) = delete;
  GanTraining& operator=(const GanTraining&) = delete;

  // The critic learns from windows that are drawn evenly. `rows` must outlive the training.
  void play(const GanRows& rows);
  // The critic learns from noisy sums; each subject that takes part shows one draw. expected: subjects in a batch on
  // average. `sums` must outlive the training.
  void play(PrivateTraining::Sums<GanRows>& sums, double expected);

  nn::Trainer& trainer() { return trainer_; }
  std::int64_t critic_size() const { return game_.critic_flat().numel(); }
  // The generator with the running mean of its weights.
  nn::Mlp averaged() const { return nn::Mlp(game_.generator().widths(), trainer_.averaged("generator")); }

 private:
  Rng stream(std::string_view purpose, const nn::Turn& turn) const;
  void add_players(nn::Gradient critic);
  at::Tensor critic_gradient(const GanRows& rows, const nn::Turn& turn);
  at::Tensor private_loss(const GanRows& rows, const nn::Turn& turn, nn::Tape& tape, std::span<const std::int64_t> subjects) const;
  at::Tensor generator_gradient(const nn::Turn& turn);

  GanSettings settings_;
  const GanRows& described_;
  Rng rng_;
  nn::ShardPool pool_;
  Ranks* ranks_;
  GanGame game_;
  std::optional<GanMoments> moments_;
  nn::Trainer trainer_;
};

}  // namespace understudy
