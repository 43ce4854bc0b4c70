#include "generators/understudy.h"

#include <ATen/ATen.h>

#include <algorithm>

#include "generators/model_file.h"
#include "generators/shards.h"
#include "generators/understudy/fitting.h"
#include "generators/understudy/model.h"
#include "generators/understudy/private_fit.h"
#include "nn/checkpoint.h"
#include "nn/serial.h"
#include "understudy/error.h"
#include "understudy/ranks.h"

namespace understudy {
namespace {

constexpr std::int64_t kSubjects = 32;       // of a step of the series network
constexpr std::int64_t kSubjectShard = 16;

FittingPlan plan_of(const Options& options) {
  return {.epochs = options.integer("epochs"), .least_steps = options.integer("least_steps"), .rate = options.real("learning_rate"),
          .weight_decay = options.real("weight_decay")};
}

FittingPlan series_plan(const Options& options) {
  FittingPlan plan = plan_of(options);
  plan.epochs = options.integer("series_epochs");
  plan.most_steps = std::max(options.integer("most_steps"), plan.least_steps);
  plan.batch = kSubjects;
  plan.shard = kSubjectShard;
  plan.dropout = options.real("dropout");
  return plan;
}

std::shared_ptr<UnderstudyModel> begun(const Cohort& cohort, const Options& options, const Context& context) {
  check_learnable(cohort, "understudy");
  return std::make_shared<UnderstudyModel>(
      UnderstudyShape{.schema = cohort.schema, .timeline = learn_timeline(cohort),
                      .statics = learn_marginals(cohort.schema.statics(), cohort.statics),
                      .series = learn_marginals(cohort.schema.series(), cohort.series), .hidden = options.integer("hidden"),
                      .bins = static_cast<std::int32_t>(options.integer("bins"))}, context);
}

// Subjects that have a row.
std::vector<std::int64_t> with_rows(const Cohort& cohort) {
  std::vector<std::int64_t> result;
  for (std::int64_t s = 0; s < cohort.size(); ++s) {
    if (cohort.series_rows(s) > 0) result.push_back(s);
  }
  return result;
}

std::string bytes_of(std::span<const std::int32_t> categories) {
  return {reinterpret_cast<const char*>(categories.data()), categories.size_bytes()};
}

ModelPtr fit_understudy(const Cohort& cohort, const Options& options, const Context& context, const Checkpoint& where) {
  nn::use_one_thread();
  const auto model = begun(cohort, options, context);
  model->options = options_json(options);
  const auto statics = model->code().encode_statics(cohort), series = model->code().encode_series(cohort);
  const auto described = model->code().describe(statics);
  const auto subjects = with_rows(cohort);
  const std::string mine =
      training_fingerprint("understudy", options, cohort.schema, context.seed, bytes_of(statics) + "|" + bytes_of(series));
  check_same(context.ranks, "data, schema, options and seed", mine);
  nn::TrainingCheckpoint checkpoint(where, mine, context.ranks);

  std::optional<Fitting> of_statics, of_series;
  if (model->statics()) {
    of_statics.emplace(model->statics_flat, cohort.size(), plan_of(options), context.rng("understudy statics order"), context,
                       chain_loss(*model->statics(), statics));
  }
  if (model->series() && !subjects.empty()) {
    const SeriesRows rows{cohort.offsets, series, described};
    of_series.emplace(model->series_flat, static_cast<std::int64_t>(subjects.size()), series_plan(options),
                      context.rng("understudy series order"), context,
                      [&model, &subjects, rows](const at::Tensor& flat, std::span<const std::int64_t> items, const at::Tensor& gradient,
                                                Chain::Workspace& room) {
                        std::vector<std::int64_t> chosen;
                        for (const std::int64_t item : items) chosen.push_back(subjects[static_cast<std::size_t>(item)]);
                        return model->series()->gradient(flat, rows, chosen, gradient, room);
                      });
  }
  nn::Stretch stretch;
  for (const auto* fitting : {&of_statics, &of_series}) stretch.total += *fitting ? (*fitting)->trainer().total() : 0;
  const auto train = [&](std::optional<Fitting>& fitting, const std::string& name, at::Tensor& flat) {
    if (!fitting) return;
    checkpoint.add(name, fitting->trainer());
    nn::train(fitting->trainer(), checkpoint, context, stretch);
    stretch.before += fitting->trainer().total();
    flat = fitting->averaged();
  };
  train(of_statics, "statics", model->statics_flat);
  if (of_statics) model->calibrate_statics(context);
  train(of_series, "series", model->series_flat);
  if (of_series) model->calibrate_series(UnderstudyModel::Weight::row, context);
  return model;
}

class Understudy : public Generator {
 public:
  Fitted fit(const Vault& vault, const Options& options, const Context& context, const Checkpoint& checkpoint) const override {
    return vault.look("train understudy", [&](const Cohort& cohort) { return fit_understudy(cohort, options, context, checkpoint); });
  }
  Fitted fit_private(const Vault& vault, const Options& options, const Budget& budget, const Context& context,
                     const Checkpoint& checkpoint) const override {
    return fit_understudy_privately(vault, options, budget, context, checkpoint);
  }
  ModelPtr load(const TensorFile& file) const override { return UnderstudyModel::load(file); }
};

}  // namespace

std::unique_ptr<Generator> make_understudy() { return std::make_unique<Understudy>(); }

}  // namespace understudy

understudy::Generator* understudy_make_understudy() { return understudy::make_understudy().release(); }
