#include "generators/panel/panel_fit.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <deque>

#include "generators/model_file.h"
#include "generators/panel/panel_model.h"
#include "generators/private_network.h"
#include "generators/shards.h"
#include "nn/adam.h"
#include "nn/checkpoint.h"
#include "nn/clipped_sum.h"
#include "nn/serial.h"
#include "understudy/error.h"

namespace understudy {
namespace {

PanelSource learnt(const Cohort& cohort) {
  return {.schema = cohort.schema, .timeline = learn_timeline(cohort),
          .statics = learn_marginals(cohort.schema.statics(), cohort.statics),
          .series = learn_marginals(cohort.schema.series(), cohort.series)};
}

std::string bytes_of(const std::vector<float>& numbers) {
  return {reinterpret_cast<const char*>(numbers.data()), numbers.size() * sizeof(float)};
}

at::Tensor as_tensor(const PanelCode& code, const std::vector<float>& panels, bool is_symmetric) {
  at::Tensor result = at::empty({static_cast<std::int64_t>(panels.size()) / (code.steps() * code.channels()), code.steps(), code.channels()});
  std::copy(panels.begin(), panels.end(), result.data_ptr<float>());
  return is_symmetric ? 2 * result - 1 : result;
}

at::Tensor gradient_of_free_term(const PanelPlayer& player, const Rng& rng, const nn::Turn& turn, const at::Tensor& flat) {
  nn::Tape tape = nn::Tape::plain(flat);
  tape.backward(player.free_term(rng.stream("free term of " + player.name, static_cast<std::uint64_t>(turn.step * player.turns + turn.number)), tape));
  return tape.gradient();
}

// The warm-ups and the training itself. All are in the checkpoint from the start: weights that several of them move are there
// several times, and equal.
void train_all(const PanelNetwork& network, const PanelData& data, const Context& context, nn::TrainingCheckpoint& checkpoint) {
  std::deque<PanelData> streams;
  std::deque<PanelTraining> trainings;
  nn::Stretch stretch;
  const auto begin = [&](const std::string& name, nn::Trainer& trainer) {
    checkpoint.add(name, trainer);
    stretch.total += trainer.total();
  };
  PanelPlan plan = network.plan(data.panels.size(0));
  for (PanelWarmup& warmup : network.warmups()) {
    plan.steps = warmup.steps;
    streams.push_back({.panels = data.panels, .rng = data.rng.stream("warm-up " + warmup.name), .keys = data.keys});
    begin(warmup.name, trainings.emplace_back(std::move(warmup.players), plan, streams.back(), context).trainer());
  }
  begin("panel", trainings.emplace_back(network, data, context).trainer());
  for (PanelTraining& training : trainings) {
    nn::train(training.trainer(), checkpoint, context, stretch);
    stretch.before += training.trainer().total();
  }
  trainings.back().finish();
}

class PanelGenerator : public Generator {
 public:
  explicit PanelGenerator(const PanelMethod& method) : method_(method) {}

  Fitted fit(const Vault& vault, const Options& options, const Context& context, const Checkpoint& checkpoint) const override {
    return vault.look(fmt::format("train {}", method_.name),
                      [&](const Cohort& cohort) { return trained(cohort, options, context, checkpoint); });
  }
  Fitted fit_private(const Vault& vault, const Options& options, const Budget& budget, const Context& context,
                     const Checkpoint& checkpoint) const override;
  ModelPtr load(const TensorFile& file) const override { return PanelModel::load(method_, file); }

 private:
  ModelPtr trained(const Cohort& cohort, const Options& options, const Context& context, const Checkpoint& where) const {
    nn::use_one_thread();
    check_learnable(cohort, method_.name);
    const auto model = std::make_shared<PanelModel>(method_, learnt(cohort), options, context);
    const auto panels = model->code().encode(cohort);
    const PanelData data{.panels = as_tensor(model->code(), panels, method_.is_symmetric), .rng = context.rng("panel training"),
                         .keys = cohort.subjects};
    nn::TrainingCheckpoint checkpoint(where, training_fingerprint(method_.name, options, cohort.schema, context.seed, bytes_of(panels)));
    train_all(model->network(), data, context, checkpoint);
    model->calibrate(context);
    return model;
  }

  const PanelMethod& method_;
};

// What bought marginals encode, and noisy sums of the network's gradients by subject.
Fitted PanelGenerator::fit_private(const Vault& vault, const Options& options, const Budget& budget, const Context& context,
                                   const Checkpoint& checkpoint) const {
  if (!find_generator(method_.name).can_be_private) return Generator::fit_private(vault, options, budget, context, checkpoint);
  const GaussianCost whole = whole_cost(budget);
  const Description bought = buy_description(vault, method_.name, whole, context, checkpoint);
  const auto model = std::make_shared<PanelModel>(
      method_, PanelSource{.schema = vault.schema(), .timeline = bought.marginals.timeline, .statics = bought.marginals.statics,
                           .series = bought.marginals.series}, options, context);
  auto players = model->network().players();
  if (players.size() != 1) fail(ErrorKind::internal, "generator '{}' has {} networks; a private training has one", method_.name, players.size());
  const PanelPlayer player = std::move(players.front());
  const Rng rng = context.rng("panel training");
  PrivateNetwork<PanelData>::Spec spec{
      .name = player.name, .initial = player.flat,
      .prepare = [&](const Cohort& cohort) {
        return PanelData{.panels = as_tensor(model->code(), model->code().encode(cohort), method_.is_symmetric), .rng = rng,
                         .keys = cohort.subjects};
      },
      .gradients = PrivateNetwork<PanelData>::on_tape(player.loss)};
  if (player.free_term) {
    spec.free = [&](const nn::Turn& turn, const at::Tensor& flat) { return gradient_of_free_term(player, rng, turn, flat); };
  }
  PrivateNetwork<PanelData> network(std::move(spec), private_plan(options), bought, context);
  PrivatePart* const parts[] = {&network};
  return fit_privately({vault, method_.name, options, context, checkpoint, left_of(whole, bought.mu), whole.delta}, parts,
                       [&]() -> ModelPtr {
                         player.flat.copy_(network.end());
                         model->calibrate(context);
                         return model;
                       });
}

}  // namespace

PanelTraining::PanelTraining(const PanelNetwork& network, const PanelData& data, const Context& context)
    : PanelTraining(network.players(), network.plan(data.panels.size(0)), data, context) {}

PanelTraining::PanelTraining(std::vector<PanelPlayer> players, const PanelPlan& plan, const PanelData& data, const Context& context)
    : data_(data), plan_(plan), players_(std::move(players)), pool_(context.threads), trainer_(plan.steps) {
  for (std::size_t i = 0; i < players_.size(); ++i) {
    const PanelPlayer& player = players_[i];
    orders_.emplace_back(data.panels.size(0), plan_.batch, data.rng.stream("order of " + player.name));
    nn::Player trained{.name = player.name, .flat = player.flat, .optimizer = std::make_unique<nn::Adam>(player.flat.numel(), player.adam),
                       .schedule = player.schedule, .turns = player.turns,
                       .gradient = [this, i](const nn::Turn& turn) { return gradient(i, turn); }};
    if (player.average > 0) trained.average = nn::Average(player.flat.numel(), {.decay = player.average});
    trainer_.add(std::move(trained));
  }
}

at::Tensor PanelTraining::gradient(std::size_t number, const nn::Turn& turn) {
  const PanelPlayer& player = players_[number];
  if ((turn.step + 1) % player.every != 0) return {};
  const auto subjects = orders_[number].at(turn.step / player.every * player.turns + turn.number);
  const bool is_mean = !player.whole && std::isinf(player.least);
  at::Tensor result = is_mean ? mean_gradient(player, turn, subjects) : whole_gradient(player, turn, subjects);
  if (!result.defined()) return {};
  if (player.free_term) result.add_(gradient_of_free_term(player, data_.rng, turn, player.flat));
  if (player.longest > 0) result.mul_(std::min(1.0, player.longest / std::max(result.norm().item<double>(), 1e-12)));
  return result;
}

at::Tensor PanelTraining::mean_gradient(const PanelPlayer& player, const nn::Turn& turn, std::span<const std::int64_t> subjects) {
  return nn::mean_gradient(pool_, player.flat, subjects, plan_.shard, [&](nn::Tape& tape, std::span<const std::int64_t> some) {
    return player.loss(data_, turn, tape, some);
  });
}

// The terms of all shards first; what the loss of the batch makes of them says with which weights each shard goes back.
at::Tensor PanelTraining::whole_gradient(const PanelPlayer& player, const nn::Turn& turn, std::span<const std::int64_t> subjects) {
  struct Part {
    nn::Tape tape;
    at::Tensor terms = {};
  };
  const auto count = static_cast<std::int64_t>(subjects.size()), shards = (count + plan_.shard - 1) / plan_.shard;
  std::vector<std::unique_ptr<Part>> parts(static_cast<std::size_t>(shards));
  at::Tensor means = at::zeros({}, at::kDouble);
  pool_.in_order(shards, [&](std::int64_t shard) {
    const std::int64_t first = shard * plan_.shard;
    const auto some = subjects.subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(std::min(plan_.shard, count - first)));
    auto& part = parts[static_cast<std::size_t>(shard)];
    part.reset(new Part{.tape = nn::Tape::plain(player.flat)});
    part->terms = player.loss(data_, turn, part->tape, some).to(at::kDouble);
    return std::vector<at::Tensor>{part->terms.detach()};
  }, [&](std::vector<at::Tensor> terms) { means = means + terms.front(); });
  means = (means / static_cast<double>(count)).requires_grad_(true);
  const at::Tensor loss = player.whole ? player.whole(means) : means.clone();
  if (loss.item<double>() <= player.least) return {};
  loss.backward();
  const at::Tensor weights = means.grad() / static_cast<double>(count), result = at::zeros_like(player.flat);
  pool_.in_order(shards, [&](std::int64_t shard) {
    Part& part = *parts[static_cast<std::size_t>(shard)];
    part.tape.backward((part.terms * weights).sum());
    return std::vector<at::Tensor>{part.tape.gradient()};
  }, [&](std::vector<at::Tensor> gradient) { result.add_(gradient.front()); });
  return result;
}

void PanelTraining::finish() const {
  for (const PanelPlayer& player : players_) {
    if (player.average > 0) player.flat.copy_(trainer_.averaged(player.name));
  }
}

std::unique_ptr<Generator> make_panel_generator(const PanelMethod& method) { return std::make_unique<PanelGenerator>(method); }

}  // namespace understudy
