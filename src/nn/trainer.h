// The loop of every training: with privacy and without, one network alone or several that play against each other.
//
//   Trainer trainer(2000);
//   trainer.add({.name = "critic", .flat = critic.flat(), .optimizer = adam(), .schedule = {.rate = 1e-3},
//                .turns = 2, .gradient = [&](const Turn& turn) { return ...; }});
//   trainer.add({.name = "generator", ...});
//   while (!trainer.done()) trainer.step();
//
// It knows nothing of privacy: what a network steps along is what its source of gradients makes of a paid sum
// (private_gradient.h), of the data (mean_gradient in clipped_sum.h), or of the other networks. Whoever ends a training
// before its last step does so on released weights or public numbers alone; what was paid for stays paid for.
//
// The state is weights, optimisers, averages and the number of steps. A source takes its random numbers from streams that
// are named after its turn; then a training that goes on from its state gives the bytes of one that never stopped.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "nn/average.h"
#include "nn/optimizer.h"
#include "nn/schedule.h"
#include "understudy/tensor_file.h"

namespace understudy::nn {

// Which update of a network it is.
struct Turn {
  std::int64_t step = 0;    // of the training, from 0
  std::int64_t number = 0;  // within the step, in [0, Player::turns)
};

using Gradient = std::function<at::Tensor(const Turn& turn)>;  // float [parameters], of what is minimised; undefined: the turn is let pass

// A network that is trained.
struct Player {
  std::string name;
  at::Tensor flat;                           // float [parameters]; moved in place
  std::unique_ptr<Optimizer> optimizer = {};
  Schedule schedule = {};
  std::optional<Average> average = {};       // takes the weights after each step
  std::int64_t turns = 1;                    // updates in a step
  Gradient gradient = {};
};

class Trainer {
 public:
  explicit Trainer(std::int64_t steps) : total_(steps) {}

  void add(Player player) { players_.push_back(std::move(player)); }
  // A tensor that belongs to the state too; sources of gradients write into it.
  void keep(std::string name, at::Tensor state) { kept_.emplace_back(std::move(name), std::move(state)); }

  // One step: the players in the order in which they were added, each all of its turns.
  void step();
  std::int64_t steps() const { return steps_; }
  std::int64_t total() const { return total_; }
  bool done() const { return steps_ >= total_; }
  at::Tensor averaged(const std::string& name) const;  // of a player with an average; float [parameters]

  // Each as prefix.PLAYER.flat and so on. ErrorKind::input when it does not fit.
  void save(TensorFile& file, const std::string& prefix) const;
  void restore(const TensorFile& file, const std::string& prefix);

 private:
  void update(Player& player) const;

  std::int64_t total_;
  std::int64_t steps_ = 0;
  std::vector<Player> players_;
  std::vector<std::pair<std::string, at::Tensor>> kept_;
};

}  // namespace understudy::nn
