#include "generators/gan/game.h"

#include <ATen/ATen.h>
#include <torch/csrc/autograd/grad_mode.h>

#include <algorithm>

#include "nn/losses.h"

namespace understudy {
namespace {

constexpr std::int64_t kDiscreteDraws = 4;  // of the boundary-seeking policy gradient

std::vector<std::int64_t> widths(std::int64_t in, const GanSettings& settings, std::int64_t out) {
  std::vector<std::int64_t> result = {in};
  result.insert(result.end(), static_cast<std::size_t>(settings.layers), settings.hidden);
  result.push_back(out);
  return result;
}

at::Tensor for_each_window(const at::Tensor& x, std::int64_t pack) { return pack > 1 ? x.repeat_interleave(pack, 0) : x; }

}  // namespace

GanGame::GanGame(const GanSettings& settings, std::span<const Block> blocks, std::int64_t conditions, const Rng& rng)
    : settings_(settings), head_(blocks), conditions_(conditions) {
  Rng generator_rng = rng.stream("generator weights"), critic_rng = rng.stream("critic weights");
  const std::int64_t width = settings_.window * head_.width();
  generator_ = nn::Mlp(widths(settings_.latent + settings_.person_latent + conditions, settings_, width), generator_rng);
  critic_ = nn::Critic(parameters_, "critic", widths(settings_.pack() * width + conditions, settings_, 1), critic_rng);
}

void GanGame::start_at(const at::Tensor& shares) {
  const at::Tensor share = shares.clamp(1e-7, 1 - 1e-7);
  const at::Tensor odds = share.log() - head_.flags() * at::log1p(-share);
  const at::Tensor start = at::where(head_.flags() + head_.hots() > 0, odds.clamp(-GanHead::kMostLogit, GanHead::kMostLogit),
                                     at::zeros({}, share.options()));
  const at::Tensor biases = generator_.layers().back();
  biases.copy_(start.repeat({biases.size(0) / head_.width()}));
}

GanLatents GanGame::latents(std::int64_t draws, const RngOfDraw& rng) const {
  const std::int64_t pack = settings_.pack(), person = settings_.person_latent, width = settings_.latent + person;
  const std::int64_t rows = pack * settings_.window;
  GanLatents result{at::empty({draws, pack, width}, at::kFloat), at::zeros({draws * rows, head_.width()}, at::kFloat),
                    at::empty({draws, 1}, at::kFloat)};
  float* out = result.inputs.data_ptr<float>();
  for (std::int64_t i = 0; i < draws; ++i, out += pack * width) {
    Rng& own = rng(i);
    for (std::int64_t k = 0; k < person; ++k) out[settings_.latent + k] = static_cast<float>(own.normal());
    for (std::int64_t j = 0; j < pack; ++j) {
      for (std::int64_t k = 0; k < settings_.latent; ++k) out[j * width + k] = static_cast<float>(own.normal());
      std::copy_n(out + settings_.latent, person, out + j * width + settings_.latent);
    }
    for (std::int64_t j = 0; j < rows; ++j) head_.fill_noise(own, result.noise.data_ptr<float>() + (i * rows + j) * head_.width());
    result.mix.data_ptr<float>()[i] = static_cast<float>(own.uniform());
  }
  result.inputs = result.inputs.view({draws * pack, width});
  return result;
}

at::Tensor GanGame::raw(const nn::Mlp& generator, const GanLatents& latents, const at::Tensor& conditions) const {
  return generator.forward(at::cat({latents.inputs, for_each_window(conditions, settings_.pack())}, 1)).view({-1, head_.width()});
}

at::Tensor GanGame::seen(const at::Tensor& rows, const at::Tensor& conditions) const {
  return at::cat({rows.reshape({conditions.size(0), -1}), conditions}, 1);
}

at::Tensor GanGame::score(const at::Tensor& rows, const at::Tensor& conditions) const {
  nn::Tape tape = nn::Tape::sampling(parameters_.flat());
  return critic_(tape, seen(rows, conditions));
}

at::Tensor GanGame::penalties(nn::Tape& tape, const at::Tensor& real, const at::Tensor& fake, const at::Tensor& mix) const {
  const bool between = settings_.objective == nn::Objective::wgan_gp;
  const at::Tensor slopes = critic_.input_gradient(tape, between ? at::lerp(real, fake, mix) : real);
  return nn::gradient_penalties(between ? nn::Penalty::slope_one : nn::Penalty::slope_zero,
                                slopes.narrow(1, 0, real.size(1) - conditions_));
}

at::Tensor GanGame::critic_loss(nn::Tape& tape, const GanBatch& batch, const GanLatents& latents) const {
  at::Tensor fake;
  const at::Tensor real = seen(batch.windows, batch.conditions);
  {
    const at::NoGradGuard no_graph;
    fake = seen(head_.hard(raw(generator_, latents, batch.conditions), latents.noise), batch.conditions);
  }
  const at::Tensor scores = critic_(tape, at::stack({real, fake}, 1));  // of a draw, next to each other
  at::Tensor losses = nn::critic_losses(settings_.objective, scores.select(1, 0), scores.select(1, 1)).squeeze(1);
  if (settings_.penalty > 0) losses = losses + settings_.penalty * penalties(tape, real, fake, latents.mix);
  return (losses * batch.present.squeeze(1)).sum();
}

// For discrete outputs: several draws of each latent, weighted by how much likelier the data are to have made them.
// For continuous ones: half the squared score. Both use the same draws.
at::Tensor GanGame::boundary_loss(const at::Tensor& raw, const at::Tensor& conditions, Rng& rng) const {
  const std::int64_t draws = head_.has_choices() ? kDiscreteDraws : 1;
  at::Tensor loss = at::zeros({}, at::kFloat);
  std::vector<at::Tensor> scores, log_probabilities;
  for (std::int64_t i = 0; i < draws; ++i) {
    const at::Tensor row = head_.hard(raw, head_.noise(rng, raw.size(0)));
    scores.push_back(score(row, conditions));
    loss = loss + nn::generator_loss(nn::Objective::boundary_seeking, scores.back()) / static_cast<double>(draws);
    if (!head_.has_choices()) return loss;
    log_probabilities.push_back(head_.log_probability(raw, row.detach()).view({conditions.size(0), -1}).sum(1, true));
  }
  const at::Tensor weights = nn::boundary_weights(at::cat(scores, 1));
  return loss - (weights * at::cat(log_probabilities, 1)).sum(1).mean();
}

at::Tensor GanGame::adversarial_loss(const at::Tensor& raw, const at::Tensor& noise, const at::Tensor& conditions, Rng& rng) const {
  if (settings_.objective == nn::Objective::boundary_seeking) return boundary_loss(raw, conditions, rng);
  return nn::generator_loss(settings_.objective, score(head_.relaxed(raw, noise), conditions));
}

std::vector<at::Tensor> GanGame::generator_gradient(const at::Tensor& conditions, Rng rng, const GanMoments* moments) const {
  const nn::Mlp generator = generator_.leaf();
  const GanLatents made = latents(conditions.size(0), [&](std::int64_t) -> Rng& { return rng; });
  const at::Tensor rows = raw(generator, made, conditions);
  at::Tensor loss = adversarial_loss(rows, made.noise, conditions, rng);
  if (moments == nullptr) return {nn::flat_gradient(loss, generator)};
  const at::Tensor features = GanMoments::features(head_.expected(rows).view({made.inputs.size(0), -1}),
                                                   for_each_window(conditions, settings_.pack()));
  loss = loss + settings_.moment_weight * moments->loss(features);
  return {nn::flat_gradient(loss, generator), GanMoments::of(features)};
}

}  // namespace understudy
