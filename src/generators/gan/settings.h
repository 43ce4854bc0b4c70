// The options of generator "gan" as values.
#pragma once

#include <cstdint>

#include "nn/clipped_sum.h"
#include "nn/losses.h"
#include "understudy/options.h"

namespace understudy {

inline constexpr std::int64_t kGanShard = 128;  // windows

struct GanSettings {
  nn::Objective objective = nn::Objective::wgan_gp;
  std::int64_t steps = 1;
  std::int64_t batch = 256;        // windows of an update of the generator, and without privacy of the critic
  std::int64_t window = 1;
  std::int64_t hidden = 128;
  std::int64_t layers = 2;
  std::int64_t latent = 32;
  std::int64_t person_latent = 0;
  std::int64_t critic_steps = 1;
  double learning_rate = 1e-3;
  double penalty = 1;
  double moment_weight = 0;
  double average = 0.999;
  nn::Clipping::Rule clipping = nn::Clipping::Rule::flat;  // of a person's gradient, in mode dp-sgd
  double clip = 1;

  // Windows of one subject that the critic sees side by side.
  std::int64_t pack() const { return person_latent > 0 ? 2 : 1; }
  std::int64_t shards() const { return (batch + kGanShard - 1) / kGanShard; }
};

GanSettings parse_gan_settings(const Options& options);
// Statics have no windows and no second row of the same person.
GanSettings static_settings(GanSettings settings);

}  // namespace understudy
