#include "generators/gan/private_fit.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <deque>
#include <numeric>

#include "core/files.h"
#include "generators/gan/bought.h"
#include "generators/gan/finish.h"
#include "generators/gan/fit.h"
#include "generators/gan/sampler.h"
#include "generators/gan/training.h"
#include "generators/model_file.h"
#include "nn/checkpoint.h"
#include "nn/serial.h"
#include "understudy/error.h"
#include "understudy/ranks.h"

namespace understudy {
namespace {

constexpr double kRounding = 1 - 1e-9;        // both purchases together are never more than the whole
constexpr std::int64_t kStandIns = 16384;     // people of the stand-in
constexpr std::int64_t kCopies = 8;           // jittered, of a person's rows: a number that hangs on nobody

// The noise multiplier at which the sums together cost `mu`.
double multiplier_for(const std::vector<SampledSum>& sums, double mu, double slack) {
  const auto cost = [&](double multiplier) {
    Plan plan{.purpose = "train gan", .events = {}};
    for (SampledSum sum : sums) {
      sum.multiplier = multiplier;
      plan.events.push_back(sum.event());
    }
    return gaussian_cost(plan, slack).mu;
  };
  // Where many small steps would meet the budget: mu^2 = sum rate^2 count (exp(1 / multiplier^2) - 1) (Dong, Roth and Su
  // 2022). Few steps with a long tail cost more.
  double squares = 0;
  for (const SampledSum& sum : sums) squares += sum.rate * sum.rate * static_cast<double>(sum.count);
  double high = 1 / std::sqrt(std::log1p(mu * mu / squares));
  while (cost(high) > mu) high *= 1.5;
  double low = high / 1.5;
  while (cost(low) <= mu) low /= 1.5;
  return calibrate(low, high, mu, cost, 1e-4);
}

std::string digest_of(const std::vector<std::unique_ptr<GanTraining>>& trainings) {
  std::string bytes;
  for (const auto& training : trainings) {
    const at::Tensor flat = training->averaged().flat();
    bytes.append(static_cast<const char*>(flat.data_ptr()), flat.nbytes());
  }
  return sha256(bytes);
}

class PrivateGanFit {
 public:
  PrivateGanFit(const Vault& vault, const Options& options, const Context& context, const GanBought& bought)
      : vault_(vault), schema_(vault.schema()), options_(options), settings_(parse_gan_settings(options)), context_(context),
        bought_(bought), coding_(parse_coding(options.text("coding"))),
        stand_in_(stand_in(schema_, bought.marginals, kStandIns, settings_.window, context)) {
    nn::use_one_thread();
    const Codec statics(schema_.statics(), bought_.marginals.statics, coding_);
    if (statics.width() > 0) add("statics", statics, static_settings(settings_), 0);
    if (!schema_.has_series()) return;
    const Codec series(schema_.series(), bought_.marginals.series, coding_);
    if (series.width() > 0) add("series", series, settings_, statics.width());
  }

  Released<ModelPtr> run(double mu, double slack, const Checkpoint& where);

 private:
  struct Part {
    std::string name;
    Codec codec;
    GanSettings settings;
    SampledSum sum;
  };

  double expected() const { return std::min(bought_.subjects, static_cast<double>(settings_.batch)); }
  void add(const std::string& name, const Codec& codec, const GanSettings& settings, std::int64_t conditions);
  Plan plan() const;
  GanRows rows_of(const Part& part, const Cohort& cohort) const;
  void train(const Part& part, PrivateTraining& paid, nn::TrainingCheckpoint& checkpoint, const nn::Stretch& stretch);

  const Vault& vault_;
  Schema schema_;
  const Options& options_;
  GanSettings settings_;
  const Context& context_;
  const GanBought& bought_;
  Coding coding_;
  Cohort stand_in_;
  std::vector<Part> parts_;
  std::deque<GanRows> described_;                        // what the trainings rest on
  std::deque<PrivateTraining::Sums<GanRows>> sums_;
  std::vector<std::unique_ptr<GanTraining>> trainings_;  // the checkpoint keeps their states to the end
  GanModel::Parts model_;
};

void PrivateGanFit::add(const std::string& name, const Codec& codec, const GanSettings& settings, std::int64_t conditions) {
  const GanGame game(settings, codec.blocks(), conditions, Rng(0));  // for its size
  const SampledSum sum{.what = "gradients of the critic of " + name, .size = game.critic_flat().numel(), .bound = settings.clip,
                       .rate = expected() / bought_.subjects, .count = settings.steps * settings.critic_steps};
  parts_.push_back({name, codec, settings, sum});
}

Plan PrivateGanFit::plan() const {
  Plan plan{.purpose = "train gan", .events = {}};
  for (const Part& part : parts_) plan.events.push_back(part.sum.event());
  return plan;
}

// Of raw records inside the training alone. Every row hangs on its subject: on its key, its records, and public numbers.
GanRows PrivateGanFit::rows_of(const Part& part, const Cohort& cohort) const {
  const bool is_static = part.name == "statics";
  std::vector<std::int64_t> each(static_cast<std::size_t>(cohort.size()) + 1);
  std::iota(each.begin(), each.end(), 0);
  at::Tensor conditions = at::empty({cohort.size(), 0}, at::kFloat);
  if (!is_static && parts_.front().name == "statics") {
    conditions = encode_statics(parts_.front().codec, cohort, context_.rng("gan condition jitter"));
  }
  return GanRows({.codec = part.codec, .table = is_static ? cohort.statics : cohort.series,
                  .offsets = is_static ? std::span<const std::int64_t>(each) : cohort.offsets, .subjects = cohort.subjects,
                  .conditions = conditions, .window = part.settings.window, .copies = kCopies},
                 context_.rng("gan rows").stream(part.name));
}

void PrivateGanFit::train(const Part& part, PrivateTraining& paid, nn::TrainingCheckpoint& checkpoint, const nn::Stretch& stretch) {
  const bool is_static = part.name == "statics";
  if (!is_static && model_.statics) sample_statics(*model_.statics, stand_in_, context_);
  const GanRows& described = described_.emplace_back(rows_of(part, stand_in_));
  trainings_.push_back(std::make_unique<GanTraining>(part.settings, part.codec.blocks(), GanTraining::Described{described, true},
                                                     context_.rng("gan training").stream(part.name), context_));
  GanTraining& training = *trainings_.back();
  const std::function<GanRows(const Cohort&)> prepare = [&](const Cohort& cohort) { return rows_of(part, cohort); };
  sums_.push_back(paid.sums<GanRows>(part.sum, prepare));
  training.play(sums_.back(), expected());
  checkpoint.add(part.name, training.trainer());
  sums_.back().skip(training.trainer().steps() * part.settings.critic_steps);
  nn::train(training.trainer(), checkpoint, context_, stretch);
  const auto calibrate = options_.text("calibrate") == "none" ? Calibrate::none : Calibrate::marginals;
  (is_static ? model_.statics : model_.series) =
      finish_part(part.codec, part.settings, training.averaged(), {described, is_static ? stand_in_.statics : stand_in_.series},
                  calibrate, context_.rng("gan calibration").stream(part.name), context_.threads);
}

Released<ModelPtr> PrivateGanFit::run(double mu, double slack, const Checkpoint& where) {
  if (parts_.empty()) fail(ErrorKind::input, "there is no column that a network can learn (id and text are none)");
  std::vector<SampledSum> sums;
  for (const Part& part : parts_) sums.push_back(part.sum);
  const double multiplier = multiplier_for(sums, mu, slack);
  for (Part& part : parts_) part.sum.multiplier = multiplier;

  const std::string mine = training_fingerprint("gan", options_, schema_, context_.seed, fmt::format("|{}", mu));
  check_same(context_.ranks, "schema, options and seed", mine);
  nn::TrainingCheckpoint checkpoint(where, mine, context_.ranks);
  const std::string reserved = checkpoint.note("plan");
  PrivateTraining paid(vault_, plan(), context_.seed, reserved.empty() ? std::nullopt : std::optional(reserved),
                       context_.threads);
  checkpoint.set_note("plan", paid.id());
  checkpoint.save();
  nn::Stretch stretch{.total = settings_.steps * static_cast<std::int64_t>(parts_.size())};
  for (const Part& part : parts_) {
    train(part, paid, checkpoint, stretch);
    stretch.before += settings_.steps;
  }
  model_.schema = schema_;
  model_.timeline = bought_.marginals.timeline;
  model_.options = options_json(options_);
  return paid.finish(ModelPtr(std::make_shared<GanModel>(std::move(model_))), digest_of(trainings_));
}

}  // namespace

Released<ModelPtr> fit_gan_privately(const Vault& vault, const Options& options, const Budget& budget, const Context& context,
                                     const Checkpoint& checkpoint) {
  const Limit limit{.epsilon = budget.epsilon, .delta = budget.delta};
  const GaussianCost whole{.mu = allowed(limit).mu, .delta = plan_slack(limit)};
  const GanBought bought = buy_for_gan(vault, whole, context, checkpoint);
  const double left = std::sqrt(whole.mu * whole.mu - bought.mu * bought.mu);
  return PrivateGanFit(vault, options, context, bought).run(left * kRounding, whole.delta, checkpoint);
}

}  // namespace understudy
