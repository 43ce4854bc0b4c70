#include "generators/independent.h"

#include "encode/repair.h"
#include "encode/timeline.h"
#include "generators/condition.h"
#include "generators/marginal_draws.h"
#include "generators/model_file.h"
#include "generators/private_marginals.h"
#include "generators/shards.h"

namespace understudy {
namespace {

constexpr const char* kName = "independent";

class IndependentModel : public Model {
 public:
  IndependentModel(Schema schema, std::vector<Marginal> statics, std::vector<Marginal> series, Timeline timeline)
      : schema_(std::move(schema)),
        statics_(std::move(statics)),
        series_(std::move(series)),
        timeline_(std::move(timeline)) {}

  const Schema& schema() const override { return schema_; }

  Cohort sample(const SampleRequest& request, const Context& context) const override {
    check_subjects(request.subjects);
    const auto conditions = parse_conditions(schema_, request.condition);
    Cohort cohort = scaffold(schema_, timeline_, request.subjects, context.rng("independent timeline"));
    draw_columns(schema_.statics(), statics_, cohort.statics, context.rng("independent statics"), context);
    draw_columns(schema_.series(), series_, cohort.series, context.rng("independent series"), context);
    impose(conditions, cohort.statics);
    repair(cohort);
    return cohort;
  }

  TensorFile save() const override {
    TensorFile file = begin_model_file(kName, schema_);
    file.metadata["statics"] = marginals_to_json(statics_);
    file.metadata["series"] = marginals_to_json(series_);
    file.metadata["timeline"] = to_json(timeline_);
    return file;
  }

 private:
  Schema schema_;
  std::vector<Marginal> statics_;
  std::vector<Marginal> series_;
  Timeline timeline_;
};

class Independent : public Generator {
 public:
  Fitted fit(const Vault& vault, const Options&, const Context& context, const Checkpoint&) const override {
    return vault.look("train independent", [&](const Cohort& cohort) -> ModelPtr {
      check_learnable(cohort, kName);
      context.check_cancelled();
      return std::make_shared<IndependentModel>(cohort.schema, learn_marginals(cohort.schema.statics(), cohort.statics),
                                                learn_marginals(cohort.schema.series(), cohort.series),
                                                learn_timeline(cohort));
    });
  }

  Fitted fit_private(const Vault& vault, const Options&, const Budget& budget, const Context& context,
                     const Checkpoint&) const override {
    const MarginalPurchase purchase(vault.schema(), allowed({.epsilon = budget.epsilon, .delta = budget.delta}).mu);
    PrivateSession session(vault, {.purpose = "train independent", .events = purchase.events()}, context.seed);
    return purchase.buy(session).then([&](const PrivateMarginals& bought) -> ModelPtr {
      return std::make_shared<IndependentModel>(vault.schema(), bought.statics, bought.series, bought.timeline);
    });
  }

  ModelPtr load(const TensorFile& file) const override {
    const Schema schema = check_model_file(file, kName);
    return std::make_shared<IndependentModel>(schema,
                                              marginals_from_json(metadata_entry(file, "statics"), schema.statics()),
                                              marginals_from_json(metadata_entry(file, "series"), schema.series()),
                                              timeline_from_json(metadata_entry(file, "timeline")));
  }
};

}  // namespace

std::unique_ptr<Generator> make_independent() { return std::make_unique<Independent>(); }

}  // namespace understudy
