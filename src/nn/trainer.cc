#include "nn/trainer.h"

#include <algorithm>

#include "nn/store.h"
#include "understudy/error.h"

namespace understudy::nn {

void Trainer::update(Player& player) const {
  for (Turn turn{.step = steps_}; turn.number < player.turns; ++turn.number) {
    const at::Tensor gradient = player.gradient(turn);
    if (gradient.defined()) player.optimizer->step(player.flat, gradient, rate_at(player.schedule, steps_, total_));
  }
}

void Trainer::step() {
  if (done()) fail(ErrorKind::internal, "a step after the last of {}", total_);
  for (Player& player : players_) update(player);
  for (Player& player : players_) {
    if (player.average) player.average->update(player.flat);
  }
  ++steps_;
}

at::Tensor Trainer::averaged(const std::string& name) const {
  const auto player = std::find_if(players_.begin(), players_.end(), [&](const Player& p) { return p.name == name; });
  if (player == players_.end() || !player->average) fail(ErrorKind::internal, "no player '{}' with an average", name);
  return player->average->value();
}

void Trainer::save(TensorFile& file, const std::string& prefix) const {
  put_count(file, prefix + ".steps", steps_);
  for (const Player& player : players_) {
    const std::string name = prefix + "." + player.name;
    put(file, name + ".flat", player.flat.cpu());
    player.optimizer->save(file, name + ".optimizer");
    if (player.average) player.average->save(file, name + ".average");
  }
  for (const auto& [name, state] : kept_) put(file, prefix + "." + name, state.cpu());
}

void Trainer::restore(const TensorFile& file, const std::string& prefix) {
  const std::int64_t steps = take_count(file, prefix + ".steps");
  if (steps > total_) fail(ErrorKind::input, "a checkpoint of {} steps for a training of {}", steps, total_);
  for (Player& player : players_) {
    const std::string name = prefix + "." + player.name;
    take_into(file, name + ".flat", player.flat);
    player.optimizer->restore(file, name + ".optimizer");
    if (player.average) player.average->restore(file, name + ".average");
  }
  for (const auto& [name, state] : kept_) take_into(file, prefix + "." + name, state);
  steps_ = steps;
}

}  // namespace understudy::nn
