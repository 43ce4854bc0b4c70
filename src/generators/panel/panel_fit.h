// Trains panel generators: without privacy, and, where a method has one network, with it.
#pragma once

#include <memory>
#include <vector>

#include "generators/epoch_order.h"
#include "generators/panel/panel_network.h"
#include "nn/shards.h"
#include "nn/trainer.h"
#include "understudy/context.h"
#include "understudy/generator.h"

namespace understudy {

// Players on their way: batches of an order that is drawn anew for each epoch, for each player its own.
class PanelTraining {
 public:
  // The network and data must outlive it. The same data.rng gives the same weights with any number of threads.
  PanelTraining(const PanelNetwork& network, const PanelData& data, const Context& context);
  PanelTraining(std::vector<PanelPlayer> players, const PanelPlan& plan, const PanelData& data, const Context& context);
  PanelTraining(const PanelTraining&) = delete;
  PanelTraining& operator=(const PanelTraining&) = delete;

  nn::Trainer& trainer() { return trainer_; }
  void finish() const;  // averages become the network's weights

 private:
  at::Tensor gradient(std::size_t player, const nn::Turn& turn);
  at::Tensor mean_gradient(const PanelPlayer& player, const nn::Turn& turn, std::span<const std::int64_t> subjects);
  at::Tensor whole_gradient(const PanelPlayer& player, const nn::Turn& turn, std::span<const std::int64_t> subjects);

  const PanelData& data_;
  PanelPlan plan_;
  std::vector<PanelPlayer> players_;
  std::vector<EpochOrder> orders_;
  nn::ShardPool pool_;
  nn::Trainer trainer_;
};

// The generator of a method, which must outlive it.
std::unique_ptr<Generator> make_panel_generator(const PanelMethod& method);

}  // namespace understudy
