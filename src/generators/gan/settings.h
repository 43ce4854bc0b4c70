// The options of generator "gan" as values.
#pragma once

#include <cstdint>

#include "nn/losses.h"
#include "understudy/options.h"

namespace understudy {

struct GanSettings {
  nn::Objective objective = nn::Objective::wgan_gp;
  std::int64_t steps = 1;
  std::int64_t shards = 2;         // of kGanShard windows each, in every batch
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

  // Windows of one subject that the critic sees side by side.
  std::int64_t pack() const { return person_latent > 0 ? 2 : 1; }
};

inline constexpr std::int64_t kGanShard = 128;

GanSettings parse_gan_settings(const Options& options);

}  // namespace understudy
