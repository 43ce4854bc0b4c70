// Fits a column chain (chain.h) to rows of categories, without privacy: batches of an order that is drawn anew for each
// epoch, AdamW, a rate that rises for a twentieth of the steps and then falls to zero along half a cosine.
//
//   ChainTraining training(chain, std::move(initial), categories, {}, rng, context);
//   while (!training.trainer().done()) training.trainer().step();
//   std::vector<float> flat = training.averaged();
#pragma once

#include <vector>

#include "generators/understudy/chain.h"
#include "nn/shards.h"
#include "nn/trainer.h"
#include "understudy/context.h"

namespace understudy {

struct ChainPlan {
  std::int64_t epochs = 8;       // at least; more, where they would be fewer than `least_steps` steps
  std::int64_t least_steps = 450;
  std::int64_t batch = 512;      // rows
  double rate = 6e-3;            // the highest
  double weight_decay = 0.1;
};

class ChainTraining {
 public:
  // `categories` [rows x columns] must outlive it; at least one row. The same rng gives the same parameters with any number
  // of context.threads.
  ChainTraining(const Chain& chain, std::vector<float> initial, std::span<const std::int32_t> categories, const ChainPlan& plan,
                const Rng& rng, const Context& context);
  ChainTraining(const ChainTraining&) = delete;
  ChainTraining& operator=(const ChainTraining&) = delete;

  nn::Trainer& trainer() { return trainer_; }
  std::vector<float> averaged() const;  // over the last steps: as good as the end of the schedule, wherever one stops
  double nats() const { return nats_; }  // of a row, in the last batch

 private:
  at::Tensor gradient(const nn::Turn& turn);
  void gather(std::int64_t step);

  Chain chain_;
  std::span<const std::int32_t> categories_;
  std::int64_t batch_, steps_each_;        // rows of a batch; steps of an epoch
  Rng rng_;
  nn::ShardPool pool_;
  at::Tensor flat_;
  nn::Trainer trainer_;
  std::vector<std::int64_t> order_;
  std::int64_t epoch_ = -1;                // whose order it is
  std::vector<std::int32_t> rows_;         // of the batch
  std::vector<Chain::Workspace> rooms_;    // a shard each
  double nats_ = 0;
};

}  // namespace understudy
