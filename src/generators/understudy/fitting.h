// Fits the networks of generator "understudy" without privacy: batches of an order that is drawn anew for each epoch, AdamW,
// a rate that rises for a twentieth of the steps and then falls to zero along half a cosine, and a mean of the weights.
//
//   Fitting fitting(initial, items, plan, rng, context, loss);
//   while (!fitting.trainer().done()) fitting.trainer().step();
//   at::Tensor flat = fitting.averaged();
#pragma once

#include <ATen/core/Tensor.h>

#include <functional>
#include <limits>
#include <span>

#include "generators/understudy/chain.h"
#include "generators/epoch_order.h"
#include "nn/shards.h"
#include "nn/trainer.h"
#include "understudy/context.h"

namespace understudy {

struct FittingPlan {
  std::int64_t epochs = 8;         // at least; more, where they would be fewer steps than `least_steps`
  std::int64_t least_steps = 450;
  std::int64_t most_steps = std::numeric_limits<std::int64_t>::max();
  std::int64_t batch = 512;        // items of a step
  std::int64_t shard = 256;        // items that a thread takes at a time
  double rate = 6e-3;              // the highest
  double weight_decay = 0.1;
  double dropout = 0;              // of the chain's hidden units
};

class Fitting {
 public:
  // Nats of these items, summed; their gradient is added to `gradient`, float [parameters]. Several threads call it at once.
  using Loss = std::function<double(const at::Tensor& flat, std::span<const std::int64_t> items, const at::Tensor& gradient,
                                    Chain::Workspace& room)>;

  // initial: float [parameters], not written to. `items` of them, at least one, ErrorKind::internal else. The same rng gives the
  // same parameters with any number of context.threads. Over context.ranks each computes some of the shards of a batch; all have the
  // same items and parameters.
  Fitting(const at::Tensor& initial, std::int64_t items, const FittingPlan& plan, const Rng& rng, const Context& context, Loss loss);
  Fitting(const Fitting&) = delete;
  Fitting& operator=(const Fitting&) = delete;

  nn::Trainer& trainer() { return trainer_; }
  const nn::Trainer& trainer() const { return trainer_; }
  at::Tensor averaged() const { return trainer_.averaged("network"); }
  double nats() const { return nats_; }  // of an item, in the last batch

 private:
  at::Tensor gradient(const nn::Turn& turn);

  std::int64_t shard_;
  double dropout_;
  Rng rng_;
  Loss loss_;
  EpochOrder order_;
  nn::ShardPool pool_;
  Ranks* ranks_;
  at::Tensor flat_;
  nn::Trainer trainer_;
  std::vector<Chain::Workspace> rooms_;  // a shard each
  double nats_ = 0;
};

// Rows of categories [rows x columns] of a chain, as a loss; what it refers to must outlive it.
Fitting::Loss chain_loss(const Chain& chain, std::span<const std::int32_t> categories);

}  // namespace understudy
