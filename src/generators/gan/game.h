// The two networks of one part of the GAN, and what they minimise.
//
// The critic sees `pack` windows of a subject side by side with their conditions. Its loss is a sum over draws, each with the
// fake that stands against it: no operation ties two draws together, so that the same loss serves training with privacy
// (by subject) and without. The generator sees the critic, never a row.
#pragma once

#include "generators/gan/moments.h"
#include "generators/gan/rows.h"
#include "generators/gan/settings.h"
#include "nn/blocks/critic.h"
#include "nn/mlp.h"

namespace understudy {

// Random numbers of draws, one draw a row (times pack, times window).
struct GanLatents {
  at::Tensor inputs;  // [draws * pack, latent + person_latent]; person_latent is the same for a draw's windows
  at::Tensor noise;   // [draws * pack * window, width], of the choices
  at::Tensor mix;     // [draws, 1], where between real and fake the critic's slope is looked at
};

class GanGame {
 public:
  GanGame(const GanSettings& settings, std::span<const Block> blocks, std::int64_t conditions, const Rng& rng);

  const GanHead& head() const { return head_; }
  const nn::Mlp& generator() const { return generator_; }
  at::Tensor critic_flat() const { return parameters_.flat(); }
  // Lets flags and categories start at these shares [width]: a flag that never comes up needs no learning.
  void start_at(const at::Tensor& shares);

  GanLatents latents(std::int64_t draws, const RngOfDraw& rng) const;

  // Sum over the draws of `real`; those that are not present count nothing.
  at::Tensor critic_loss(nn::Tape& tape, const GanBatch& real, const GanLatents& latents) const;
  // The gradient of the mean loss over a shard of draws given conditions [draws, c]; with moments also those of the shard.
  std::vector<at::Tensor> generator_gradient(const at::Tensor& conditions, Rng rng, const GanMoments* moments) const;

 private:
  at::Tensor raw(const nn::Mlp& generator, const GanLatents& latents, const at::Tensor& conditions) const;
  at::Tensor seen(const at::Tensor& rows, const at::Tensor& conditions) const;  // what the critic sees of rows
  at::Tensor score(const at::Tensor& rows, const at::Tensor& conditions) const;
  at::Tensor penalties(nn::Tape& tape, const at::Tensor& real, const at::Tensor& fake, const at::Tensor& mix) const;
  at::Tensor adversarial_loss(const at::Tensor& raw, const at::Tensor& noise, const at::Tensor& conditions, Rng& rng) const;
  at::Tensor boundary_loss(const at::Tensor& raw, const at::Tensor& conditions, Rng& rng) const;

  GanSettings settings_;
  GanHead head_;
  nn::Mlp generator_;
  nn::Parameters parameters_;
  nn::Critic critic_;
  std::int64_t conditions_ = 0;
};

}  // namespace understudy
