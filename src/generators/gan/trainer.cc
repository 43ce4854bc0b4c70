#include "generators/gan/trainer.h"

#include <ATen/ATen.h>
#include <torch/csrc/autograd/grad_mode.h>

#include <algorithm>

#include "nn/noise.h"
#include "nn/serial.h"
#include "nn/store.h"
#include "understudy/error.h"

namespace understudy {
namespace {

constexpr double kMomentMemory = 0.95;
constexpr std::int64_t kDiscreteDraws = 4;  // of the boundary-seeking policy gradient

std::vector<std::int64_t> widths(std::int64_t in, const GanSettings& settings, std::int64_t out) {
  std::vector<std::int64_t> result = {in};
  result.insert(result.end(), static_cast<std::size_t>(settings.layers), settings.hidden);
  result.push_back(out);
  return result;
}

// 1 for products whose mean over the training rows the expected rows of the generator can be compared with: not those
// of conditions alone, and not those inside one column of a row that has flags or categories; of two codes of a cell,
// which are drawn apart, they can.
at::Tensor moment_mask(const GanHead& head, std::int64_t window, std::int64_t conditions) {
  const std::int64_t rows = window * head.width();
  at::Tensor mask = at::ones({rows + conditions + 1, rows + conditions + 1}, at::kFloat);
  mask.narrow(0, rows, conditions + 1).narrow(1, rows, conditions + 1).zero_();
  for (const Block& a : head.blocks()) {
    for (const Block& b : head.blocks()) {
      const bool scalar_alone = a.kind == Block::Kind::scalar && b.kind == a.kind &&
                                std::count_if(head.blocks().begin(), head.blocks().end(),
                                              [&](const Block& other) { return other.column == a.column; }) == 1;
      if (a.column != b.column || scalar_alone) continue;
      for (std::int64_t k = 0; k < window; ++k) {
        const std::int64_t base = k * head.width();
        at::Tensor inside = mask.narrow(0, base + a.offset, a.width).narrow(1, base + b.offset, b.width);
        if (a.kind == Block::Kind::multi_hot) {
          inside.fill_diagonal_(0);
        } else {
          inside.zero_();
        }
      }
    }
  }
  return mask;
}

// Lets flags and categories start at their training shares: a flag that never comes up needs no learning.
void start_at_shares(const GanHead& head, const at::Tensor& rows, const at::Tensor& biases) {
  const at::Tensor share = rows.mean(0).clamp(1e-7, 1 - 1e-7);
  const at::Tensor odds = share.log() - head.flags() * at::log1p(-share);
  const at::Tensor start = at::where(head.flags() + head.hots() > 0, odds.clamp(-GanHead::kMostLogit, GanHead::kMostLogit),
                                     at::zeros({}, share.options()));
  biases.copy_(start.repeat({biases.size(0) / head.width()}));
}

}  // namespace

GanTrainer::GanTrainer(const GanSettings& settings, const GanRows& rows, std::span<const Block> blocks, const Rng& rng,
                       int threads, Ranks* ranks)
    : settings_(settings), rows_(rows), head_(blocks), rng_(rng), pool_(threads), ranks_(ranks) {
  nn::use_one_thread();
  const std::int64_t width = settings_.window * head_.width();
  const std::int64_t conditions = rows_.condition_width();
  Rng generator_rng = rng_.stream("generator weights");
  Rng critic_rng = rng_.stream("critic weights");
  generator_ = nn::Mlp(widths(settings_.latent + settings_.person_latent + conditions, settings_, width), generator_rng);
  start_at_shares(head_, rows_.values(), generator_.layers().back());
  critic_ = nn::Mlp(widths(settings_.pack() * width + conditions, settings_, 1), critic_rng);
  generator_adam_ = nn::Adam(generator_.flat().numel(), {});
  critic_adam_ = nn::Adam(critic_.flat().numel(), {});
  average_ = generator_.flat().clone();
  target_ = rows_.moments();
  moments_ = target_.clone();
  moment_mask_ = moment_mask(head_, settings_.window, conditions);
}

Rng GanTrainer::stream(std::string_view purpose, std::int64_t shard) const {
  return rng_.stream(purpose, static_cast<std::uint64_t>(steps_)).stream("shard", static_cast<std::uint64_t>(shard));
}

// Constant over the first half, then straight down to 0.
double GanTrainer::rate() const {
  const double left = 1 - static_cast<double>(steps_) / static_cast<double>(settings_.steps);
  return settings_.learning_rate * std::min(1.0, 2 * left);
}

GanTrainer::Fakes GanTrainer::fakes(const nn::Mlp& generator, Rng rng) const {
  const std::int64_t pack = settings_.pack();
  const at::Tensor conditions = rows_.draw_conditions(rng, kGanShard);
  const auto for_each_window = [&](const at::Tensor& x) { return pack > 1 ? x.repeat_interleave(pack, 0) : x; };
  const at::Tensor latent = nn::normals(rng, kGanShard * pack, settings_.latent);
  const at::Tensor person = nn::normals(rng, kGanShard, settings_.person_latent);
  at::Tensor raw = generator.forward(at::cat({latent, for_each_window(person), for_each_window(conditions)}, 1));
  return {raw, conditions, rng};
}

at::Tensor GanTrainer::rows_of(const at::Tensor& raw) const { return raw.view({-1, head_.width()}); }

at::Tensor GanTrainer::seen(const at::Tensor& rows, const at::Tensor& conditions) const {
  return at::cat({rows.reshape({conditions.size(0), -1}), conditions}, 1);
}

std::vector<at::Tensor> GanTrainer::critic_gradient(std::int64_t turn, std::int64_t shard) const {
  Rng rng = stream("critic", turn * settings_.shards + shard);
  const GanBatch batch = rows_.draw(rng, kGanShard, settings_.pack());
  at::Tensor fake, mixed;
  const at::Tensor real = seen(batch.windows, batch.conditions);
  {
    const at::NoGradGuard no_graph;
    Fakes made = fakes(generator_, rng.stream("fakes"));
    const at::Tensor raw = rows_of(made.raw);
    fake = seen(head_.hard(raw, head_.noise(made.rng, raw.size(0))), made.conditions);
    mixed = settings_.objective == nn::Objective::wgan_gp ? at::lerp(real, fake, nn::uniforms(rng, kGanShard)) : real;
  }
  const nn::Mlp critic = critic_.leaf();
  const at::Tensor scores = critic.forward(at::cat({real, fake}));
  at::Tensor loss = nn::critic_loss(settings_.objective, scores.narrow(0, 0, kGanShard),
                                    scores.narrow(0, kGanShard, kGanShard));
  if (settings_.penalty > 0) {
    const auto kind = settings_.objective == nn::Objective::wgan_gp ? nn::Penalty::slope_one : nn::Penalty::slope_zero;
    loss = loss + settings_.penalty * nn::gradient_penalty(kind, critic, mixed, batch.windows.size(1));
  }
  return {nn::flat_gradient(loss, critic)};
}

// For discrete outputs: several draws of each latent, weighted by how much likelier the data are to have made them.
// For continuous ones: half the squared score. Both use the same draws.
at::Tensor GanTrainer::boundary_loss(const Fakes& made, Rng& rng) const {
  const std::int64_t draws = head_.has_choices() ? kDiscreteDraws : 1;
  at::Tensor loss = at::zeros({}, at::kFloat);
  std::vector<at::Tensor> scores, log_probabilities;
  const at::Tensor raw = rows_of(made.raw);
  for (std::int64_t i = 0; i < draws; ++i) {
    const at::Tensor row = head_.hard(raw, head_.noise(rng, raw.size(0)));
    scores.push_back(critic_.forward(seen(row, made.conditions)));
    loss = loss + nn::generator_loss(nn::Objective::boundary_seeking, scores.back()) / static_cast<double>(draws);
    if (!head_.has_choices()) return loss;
    log_probabilities.push_back(head_.log_probability(raw, row.detach()).view({kGanShard, -1}).sum(1, true));
  }
  const at::Tensor weights = nn::boundary_weights(at::cat(scores, 1));
  return loss - (weights * at::cat(log_probabilities, 1)).sum(1).mean();
}

at::Tensor GanTrainer::adversarial_loss(const Fakes& made, Rng& rng) const {
  if (settings_.objective == nn::Objective::boundary_seeking) return boundary_loss(made, rng);
  const at::Tensor raw = rows_of(made.raw);
  const at::Tensor row = head_.relaxed(raw, head_.noise(rng, raw.size(0)));
  return nn::generator_loss(settings_.objective, critic_.forward(seen(row, made.conditions)));
}

at::Tensor GanTrainer::moment_features(const Fakes& made) const {
  const at::Tensor rows = head_.expected(rows_of(made.raw)).view({made.raw.size(0), -1});
  const at::Tensor conditions = made.conditions.repeat_interleave(settings_.pack(), 0);
  return at::cat({rows, conditions, at::ones({rows.size(0), 1}, at::kFloat)}, 1);
}

// The gap between the moments of the generator and the training rows is squared through a running mean, whose noise is
// not that of this batch: <gap, moments of the batch> has the gradient of half the squared gap without its bias.
std::vector<at::Tensor> GanTrainer::generator_gradient(std::int64_t shard) const {
  const nn::Mlp generator = generator_.leaf();
  Fakes made = fakes(generator, stream("generator", shard));
  at::Tensor loss = adversarial_loss(made, made.rng);
  if (settings_.moment_weight <= 0) return {nn::flat_gradient(loss, generator)};
  const at::Tensor x = moment_features(made);
  const at::Tensor gap = (moments_ - target_) * moment_mask_;
  loss = loss + settings_.moment_weight * (at::matmul(x, gap) * x).sum(1).mean();
  const at::Tensor detached = x.detach();
  return {nn::flat_gradient(loss, generator), at::matmul(detached.t(), detached) / static_cast<double>(x.size(0))};
}

void GanTrainer::step() {
  for (std::int64_t turn = 0; turn < settings_.critic_steps; ++turn) {
    const auto shard_gradient = [&](std::int64_t shard) { return critic_gradient(turn, shard); };
    const auto gradient = pool_.mean(settings_.shards, shard_gradient, ranks_);
    critic_adam_.step(critic_.flat(), gradient[0], rate());
  }
  const auto gradient = pool_.mean(settings_.shards, [&](std::int64_t shard) { return generator_gradient(shard); }, ranks_);
  generator_adam_.step(generator_.flat(), gradient[0], rate());
  if (gradient.size() > 1) moments_.lerp_(gradient[1], 1 - kMomentMemory);
  ++steps_;
  const double memory = std::min(settings_.average, 1 - 1 / static_cast<double>(steps_));
  average_.lerp_(generator_.flat(), 1 - memory);
}

void GanTrainer::save(TensorFile& file, const std::string& name) const {
  nn::put(file, name + ".generator", generator_.flat());
  nn::put(file, name + ".critic", critic_.flat());
  nn::put(file, name + ".average", average_);
  nn::put(file, name + ".moments", moments_);
  generator_adam_.save(file, name + ".generator_adam");
  critic_adam_.save(file, name + ".critic_adam");
  file.put(name + ".steps", {1}, std::span<const std::int64_t>(&steps_, 1));
}

void GanTrainer::restore(const TensorFile& file, const std::string& name) {
  nn::take_into(file, name + ".generator", generator_.flat());
  nn::take_into(file, name + ".critic", critic_.flat());
  nn::take_into(file, name + ".average", average_);
  nn::take_into(file, name + ".moments", moments_);
  generator_adam_.restore(file, name + ".generator_adam");
  critic_adam_.restore(file, name + ".critic_adam");
  steps_ = file.integers(name + ".steps").at(0);
}

}  // namespace understudy
