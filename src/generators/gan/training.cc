#include "generators/gan/training.h"

#include <ATen/ATen.h>

#include "nn/adam.h"
#include "nn/serial.h"

namespace understudy {
namespace {

constexpr std::int64_t kMicroBatch = 64;  // subjects

}  // namespace

GanTraining::GanTraining(const GanSettings& settings, std::span<const Block> blocks, const Described& described, const Rng& rng,
                         const Context& context)
    : settings_(settings), described_(described.rows), rng_(rng), pool_(context.threads), ranks_(context.ranks),
      game_(settings, blocks, described.rows.condition_width(), rng), trainer_(settings.steps) {
  nn::use_one_thread();
  game_.start_at(described_.values().mean(0));
  if (settings_.moment_weight <= 0) return;
  moments_.emplace(game_.head(), settings_.window, described_.condition_width(), described_.moments(), described.alone);
  trainer_.keep("moments", moments_->running());
}

Rng GanTraining::stream(std::string_view purpose, const nn::Turn& turn) const {
  return rng_.stream(purpose, static_cast<std::uint64_t>(turn.step)).stream("turn", static_cast<std::uint64_t>(turn.number));
}

void GanTraining::add_players(nn::Gradient critic) {
  const nn::Schedule schedule{.rate = settings_.learning_rate, .decay = nn::Decay::linear, .hold = 0.5};
  const auto adam = [](const at::Tensor& flat) { return std::make_unique<nn::Adam>(flat.numel(), nn::AdamOptions{}); };
  const at::Tensor& generator = game_.generator().flat();
  trainer_.add({.name = "critic", .flat = game_.critic_flat(), .optimizer = adam(game_.critic_flat()), .schedule = schedule,
                .turns = settings_.critic_steps, .gradient = std::move(critic)});
  trainer_.add({.name = "generator", .flat = generator, .optimizer = adam(generator), .schedule = schedule,
                .average = nn::Average(generator.numel(), {.decay = settings_.average}),
                .gradient = [this](const nn::Turn& turn) { return generator_gradient(turn); }});
}

void GanTraining::play(const GanRows& rows) {
  add_players([this, &rows](const nn::Turn& turn) { return critic_gradient(rows, turn); });
}

void GanTraining::play(PrivateTraining::Sums<GanRows>& sums, double expected) {
  const nn::Clipping clipping{.rule = settings_.clipping, .micro_batch = kMicroBatch};
  add_players(nn::private_gradient<GanRows>(sums, pool_, game_.critic_flat(), clipping, expected,
                                            [this](const GanRows& rows, const nn::Turn& turn, nn::Tape& tape, auto subjects) {
                                              return private_loss(rows, turn, tape, subjects);
                                            }));
}

at::Tensor GanTraining::critic_gradient(const GanRows& rows, const nn::Turn& turn) {
  return pool_.mean(settings_.shards(), [&](std::int64_t shard) {
    Rng rng = stream("critic", turn).stream("shard", static_cast<std::uint64_t>(shard));
    const GanBatch batch = rows.draw(rng, kGanShard, settings_.pack());
    const GanLatents latents = game_.latents(kGanShard, [&](std::int64_t) -> Rng& { return rng; });
    nn::Tape tape = nn::Tape::plain(game_.critic_flat());
    tape.backward(game_.critic_loss(tape, batch, latents) / static_cast<double>(kGanShard));
    return std::vector<at::Tensor>{tape.gradient()};
  }, ranks_).front();
}

// A subject's draw and the fake that stands against it hang on its own key, not on its place in the batch: nothing that a
// subject adds changes when another comes or goes.
at::Tensor GanTraining::private_loss(const GanRows& rows, const nn::Turn& turn, nn::Tape& tape,
                                     std::span<const std::int64_t> subjects) const {
  const Rng rng = stream("critic", turn);
  std::vector<Rng> own;
  for (const std::int64_t s : subjects) own.push_back(s < 0 ? rng : rows.stream(rng, s));
  const RngOfDraw of_draw = [&](std::int64_t draw) -> Rng& { return own[static_cast<std::size_t>(draw)]; };
  const GanBatch batch = rows.draw_of(subjects, of_draw, settings_.pack());
  return game_.critic_loss(tape, batch, game_.latents(static_cast<std::int64_t>(subjects.size()), of_draw));
}

at::Tensor GanTraining::generator_gradient(const nn::Turn& turn) {
  const auto found = pool_.mean(settings_.shards(), [&](std::int64_t shard) {
    Rng rng = stream("generator", turn).stream("shard", static_cast<std::uint64_t>(shard));
    const at::Tensor conditions = described_.draw_conditions(rng, kGanShard);
    return game_.generator_gradient(conditions, rng.stream("draws"), moments_ ? &*moments_ : nullptr);
  }, ranks_);
  if (moments_) moments_->update(found[1]);
  return found[0];
}

}  // namespace understudy
