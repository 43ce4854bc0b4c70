#include "generators/halo.h"

#include <ATen/ATen.h>

#include "generators/epoch_order.h"
#include "generators/halo/model.h"
#include "generators/halo/records.h"
#include "generators/halo/settings.h"
#include "generators/model_file.h"
#include "generators/private_network.h"
#include "generators/shards.h"
#include "nn/adam.h"
#include "nn/checkpoint.h"
#include "nn/serial.h"

namespace understudy {
namespace {

constexpr std::int64_t kSubjectShard = 8;  // subjects that a thread takes at a time

std::shared_ptr<HaloModel> begun(const Cohort& cohort, const HaloSettings& settings, const Context& context) {
  check_learnable(cohort, "halo");
  return std::make_shared<HaloModel>(
      HaloParts{.schema = cohort.schema, .timeline = learn_timeline(cohort),
                .statics = learn_marginals(cohort.schema.statics(), cohort.statics),
                .series = learn_marginals(cohort.schema.series(), cohort.series), .bins = settings.bins, .network = settings.network},
      context);
}

HaloRecords records_of(const HaloModel& model, const Cohort& cohort) {
  HaloRecords records{.labels = &model.labels(), .visits = &model.visits(), .offsets = cohort.offsets,
                      .statics = model.code().encode_statics(cohort), .series = model.code().encode_series(cohort)};
  records.offsets.resize(static_cast<std::size_t>(cohort.size()) + 1, 0);  // a schema without rows
  return records;
}

nn::Schedule schedule_of(const HaloSettings& settings) {
  if (!settings.anneals) return {.rate = settings.rate};
  return {.rate = settings.rate, .decay = nn::Decay::cosine, .warmup = 0.05};
}

std::string bytes_of(std::span<const std::int32_t> categories) {
  return {reinterpret_cast<const char*>(categories.data()), categories.size_bytes()};
}

ModelPtr fit_halo(const Cohort& cohort, const Options& options, const Context& context, const Checkpoint& where) {
  nn::use_one_thread();
  const HaloSettings settings = halo_settings(options);
  const auto model = begun(cohort, settings, context);
  model->options = options_json(options);
  const HaloRecords records = records_of(*model, cohort);
  nn::TrainingCheckpoint checkpoint(where, training_fingerprint("halo", options, cohort.schema, context.seed,
                                                                bytes_of(records.statics) + "|" + bytes_of(records.series)));
  EpochOrder order(cohort.size(), settings.batch, context.rng("halo order"));
  nn::ShardPool pool(context.threads);
  nn::Trainer trainer(order.steps(settings.epochs, settings.least_steps));
  const auto gradient = [&, loss = halo_loss(model->network())](const nn::Turn& turn) {
    const nn::SubjectLoss now = [&](nn::Tape& tape, std::span<const std::int64_t> subjects) {
      nn::use_one_thread();
      return loss(records, turn, tape, subjects);
    };
    return nn::mean_gradient(pool, model->flat, order.at(turn.step), kSubjectShard, now);
  };
  const std::int64_t parameters = model->flat.numel();
  trainer.add({.name = "network", .flat = model->flat,
               .optimizer = std::make_unique<nn::Adam>(parameters, nn::AdamOptions{.beta1 = 0.9, .beta2 = 0.999}),
               .schedule = schedule_of(settings),
               .average = settings.anneals ? std::optional(nn::Average(parameters, {.decay = 0.99})) : std::nullopt,
               .gradient = gradient});
  checkpoint.add("network", trainer);
  nn::train(trainer, checkpoint, context, {.before = 0, .total = trainer.total()});
  if (settings.anneals) model->flat = trainer.averaged("network");
  return model;
}

Released<ModelPtr> fit_halo_privately(const Vault& vault, const Options& options, const Budget& budget, const Context& context,
                                      const Checkpoint& checkpoint) {
  const GaussianCost whole = whole_cost(budget);
  const Description bought = buy_description(vault, "halo", whole, context, checkpoint);
  const HaloSettings settings = halo_settings(options);
  const auto model = std::make_shared<HaloModel>(
      HaloParts{.schema = vault.schema(), .timeline = bought.marginals.timeline, .statics = bought.marginals.statics,
                .series = bought.marginals.series, .bins = settings.bins, .network = settings.network}, context);
  model->options = options_json(options);
  PrivateNetworkPlan plan = private_plan(options);
  plan.micro_batch = kSubjectShard;
  PrivateNetwork<HaloRecords> network({.name = "network", .initial = model->flat,
                                       .prepare = [&](const Cohort& cohort) { return records_of(*model, cohort); },
                                       .gradients = PrivateNetwork<HaloRecords>::on_tape(halo_loss(model->network()))},
                                      plan, bought, context);
  PrivatePart* const parts[] = {&network};
  return fit_privately({vault, "halo", options, context, checkpoint, left_of(whole, bought.mu), whole.delta}, parts, [&]() -> ModelPtr {
    model->flat = network.end();
    return model;
  });
}

class Halo : public Generator {
 public:
  Fitted fit(const Vault& vault, const Options& options, const Context& context, const Checkpoint& checkpoint) const override {
    return vault.look("train halo", [&](const Cohort& cohort) { return fit_halo(cohort, options, context, checkpoint); });
  }
  Fitted fit_private(const Vault& vault, const Options& options, const Budget& budget, const Context& context,
                     const Checkpoint& checkpoint) const override {
    return fit_halo_privately(vault, options, budget, context, checkpoint);
  }
  ModelPtr load(const TensorFile& file) const override { return HaloModel::load(file); }
};

}  // namespace

std::unique_ptr<Generator> make_halo() { return std::make_unique<Halo>(); }

}  // namespace understudy

understudy::Generator* understudy_make_halo() { return understudy::make_halo().release(); }
