#include "generators/private_fit.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>

#include "core/files.h"
#include "generators/model_file.h"
#include "nn/checkpoint.h"
#include "understudy/error.h"
#include "understudy/ranks.h"

namespace understudy {
namespace {

constexpr double kRounding = 1 - 1e-9;  // description and training together are never more than the whole

std::string purpose_of(const PrivateCall& call) { return fmt::format("train {}", call.generator); }

// The noise multiplier at which the sums together cost `mu`.
double multiplier_for(const std::string& purpose, const std::vector<SampledSum>& sums, double mu, double slack) {
  const auto cost = [&](double multiplier) {
    Plan plan{.purpose = purpose, .events = {}};
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

std::string bytes_of(const at::Tensor& weights) {
  const at::Tensor dense = weights.contiguous();
  return {static_cast<const char*>(dense.data_ptr()), dense.nbytes()};
}

}  // namespace

double left_of(const GaussianCost& whole, double mu) { return std::sqrt(whole.mu * whole.mu - mu * mu) * kRounding; }

Released<ModelPtr> fit_privately(const PrivateCall& call, std::span<PrivatePart* const> parts, const std::function<ModelPtr()>& model) {
  if (parts.empty()) fail(ErrorKind::input, "there is no column that a network can learn (id and text are none)");
  std::vector<SampledSum> sums;
  for (const PrivatePart* part : parts) sums.push_back(part->sum());
  const double multiplier = multiplier_for(purpose_of(call), sums, call.mu, call.slack);
  Plan plan{.purpose = purpose_of(call), .events = {}};
  nn::Stretch stretch;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    sums[i].multiplier = multiplier;
    plan.events.push_back(sums[i].event());
    stretch.total += sums[i].count / parts[i]->sums_each();
  }

  const Context& context = call.context;
  const std::string mine =
      training_fingerprint(call.generator, call.options, call.vault.schema(), context.seed, fmt::format("|{}", call.mu));
  check_same(context.ranks, "schema, options and seed", mine);
  nn::TrainingCheckpoint checkpoint(call.checkpoint, mine, context.ranks);
  const std::string reserved = checkpoint.note("plan");
  PrivateTraining paid(call.vault, std::move(plan), context.seed, reserved.empty() ? std::nullopt : std::optional(reserved), context.threads);
  checkpoint.set_note("plan", paid.id());
  checkpoint.save();
  std::string learnt;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    nn::Trainer& trainer = parts[i]->begin(paid, sums[i]);
    checkpoint.add(parts[i]->name(), trainer);
    parts[i]->skip(trainer.steps() * parts[i]->sums_each());
    nn::train(trainer, checkpoint, context, stretch);
    learnt += bytes_of(parts[i]->end());
    stretch.before += trainer.total();
  }
  return paid.finish(model(), sha256(learnt));
}

}  // namespace understudy
