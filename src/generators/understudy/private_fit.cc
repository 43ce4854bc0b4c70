#include "generators/understudy/private_fit.h"

#include <ATen/ATen.h>

#include <optional>

#include "generators/model_file.h"
#include "generators/private_network.h"
#include "generators/understudy/model.h"
#include "nn/row.h"

namespace understudy {
namespace {

using Categories = std::vector<std::int32_t>;

// What the series network learns from.
struct Rows {
  std::vector<std::int64_t> offsets;
  Categories categories;
  std::vector<float> described;
  SeriesRows view() const { return {offsets, categories, described}; }
};

PrivateNetworkPlan plan_of(const Options& options) {
  PrivateNetworkPlan plan = private_plan(options);
  plan.micro_batch = 128;
  return plan;
}

PrivateNetworkPlan series_plan(const Options& options) {
  PrivateNetworkPlan plan = private_plan(options);
  plan.steps = options.integer("private_series_steps");
  plan.batch = options.integer("private_series_batch");
  plan.micro_batch = 16;
  return plan;
}

}  // namespace

at::Tensor weighed_gradient(const Chain& chain, const at::Tensor& flat, std::span<const std::int32_t> categories,
                            std::span<const std::int64_t> subjects, const nn::FactorsOf& factors_of) {
  const std::int64_t columns = chain.columns();
  Categories chosen;
  std::vector<std::int64_t> counts;
  for (const std::int64_t s : subjects) {
    counts.push_back(s < 0 ? 0 : 1);
    if (s < 0) continue;
    const auto row = categories.subspan(static_cast<std::size_t>(s * columns), static_cast<std::size_t>(columns));
    chosen.insert(chosen.end(), row.begin(), row.end());
  }
  Chain::Workspace room;
  const Chain::Rows rows{chosen};
  chain.differentiate(nn::row<float>(flat), rows, room);
  const at::Tensor squares = at::zeros({static_cast<std::int64_t>(subjects.size())}, at::kDouble), gradient = at::zeros_like(flat);
  chain.add_squared_norms(rows, counts, nn::row<double>(squares), room);
  chain.weigh(counts, nn::row<float>(factors_of(squares).contiguous()), room);
  chain.add_gradient(rows, nn::row<float>(gradient), room);
  return gradient;
}

Released<ModelPtr> fit_understudy_privately(const Vault& vault, const Options& options, const Budget& budget, const Context& context,
                                            const Checkpoint& checkpoint) {
  const GaussianCost whole = whole_cost(budget);
  const Description bought = buy_description(vault, "understudy", whole, context, checkpoint);
  const auto model = std::make_shared<UnderstudyModel>(
      UnderstudyShape{.schema = vault.schema(), .timeline = bought.marginals.timeline, .statics = bought.marginals.statics,
                      .series = bought.marginals.series, .hidden = options.integer("hidden"),
                      .bins = static_cast<std::int32_t>(options.integer("bins"))}, context);
  model->options = options_json(options);

  std::optional<PrivateNetwork<Categories>> statics;
  std::optional<PrivateNetwork<Rows>> series;
  std::vector<PrivatePart*> parts;
  if (model->statics()) {
    statics.emplace(PrivateNetwork<Categories>::Spec{
                        .name = "statics", .initial = model->statics_flat,
                        .prepare = [&](const Cohort& cohort) { return model->code().encode_statics(cohort); },
                        .gradients = [&](const Categories& all, const nn::Turn&, const at::Tensor& flat, auto subjects, const auto& factors_of) {
                          return weighed_gradient(*model->statics(), flat, all, subjects, factors_of);
                        }},
                    plan_of(options), bought, context);
    parts.push_back(&*statics);
  }
  if (model->series()) {
    series.emplace(PrivateNetwork<Rows>::Spec{
                       .name = "series", .initial = model->series_flat,
                       .prepare = [&](const Cohort& cohort) {
                         return Rows{cohort.offsets, model->code().encode_series(cohort), model->code().describe(model->code().encode_statics(cohort))};
                       },
                       .gradients = [&](const Rows& rows, const nn::Turn&, const at::Tensor& flat, auto subjects, const auto& factors_of) {
                         return model->series()->weighed_gradient(flat, rows.view(), subjects, factors_of);
                       }},
                   series_plan(options), bought, context);
    parts.push_back(&*series);
  }
  return fit_privately({vault, "understudy", options, context, checkpoint, left_of(whole, bought.mu), whole.delta}, parts, [&]() -> ModelPtr {
    if (statics) {
      model->statics_flat = statics->end();
      model->calibrate_statics(context);
    }
    if (series) {
      model->series_flat = series->end();
      model->calibrate_series(UnderstudyModel::Weight::subject, context);
    }
    return model;
  });
}

}  // namespace understudy
