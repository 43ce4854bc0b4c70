// The training that the white-box audit looks at (canary_audit.h). Canary i has a gradient in direction i of its own, far
// longer than the bound, so that its clipped gradient is as long as allowed and orthogonal to the others'. Everything
// between the records and the weights is the code of every training: PrivateTraining, private_gradient, Trainer.
#pragma once

#include <ATen/ATen.h>
#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <memory>
#include <vector>

#include "nn/blocks/linear.h"
#include "nn/private_gradient.h"
#include "nn/sgd.h"
#include "nn/trainer.h"
#include "understudy/privacy.h"

namespace understudy {

inline constexpr double kExpected = 500;  // the normaliser, a constant of the plan
inline constexpr double kLearningRate = 0.5;

struct Claim {
  double epsilon = 0, delta = 0;
  double rate = 1;
  std::int64_t steps = 1;
  std::int64_t canaries = 1000;
};

inline double stated_epsilon(const SampledSum& gradients, double delta) {
  return find_accountant("pld").epsilon({.purpose = "audit", .events = {gradients.event()}}, delta);
}

// The noise that the accountant asks for.
inline SampledSum mechanism_of(const Claim& claim) {
  SampledSum sum{.what = "gradients", .size = claim.canaries, .bound = 0.5, .rate = claim.rate, .count = claim.steps};
  sum.multiplier = calibrate(0.1, 100, claim.epsilon, [&](double multiplier) {
    SampledSum tried = sum;
    tried.multiplier = multiplier;
    return stated_epsilon(tried, claim.delta);
  }, 1e-4);
  return sum;
}

// Those canaries that are in; each knows its place.
inline Cohort members(const std::vector<bool>& in) {
  Schema schema;
  schema.name = "canaries";
  schema.subject = "id";
  ColumnSpec& place = schema.columns.emplace_back();
  place.name = "place";
  place.type = ColumnType::integer;
  place.minimum = 0;
  place.maximum = static_cast<double>(in.size()) - 1;
  place.is_static = true;
  Cohort cohort = make_cohort(schema);
  for (std::size_t i = 0; i < in.size(); ++i) {
    if (in[i]) cohort.subjects.push_back(std::to_string(i));
  }
  cohort.statics.resize(cohort.size());
  for (std::int64_t s = 0; s < cohort.size(); ++s) {
    cohort.statics.column(0).set_number(s, std::stod(cohort.subjects[static_cast<std::size_t>(s)]));
  }
  return cohort;
}

using Places = std::vector<std::int64_t>;
inline Places places(const Cohort& cohort) {
  Places result;
  const Column& place = cohort.statics.column(0);
  for (std::int64_t s = 0; s < cohort.size(); ++s) result.push_back(static_cast<std::int64_t>(place.number(s)));
  return result;
}

// float [subjects, canaries]: a long step along the canary's own direction. A linear loss has these as gradients.
inline at::Tensor records(const Places& place, std::span<const std::int64_t> subjects, std::int64_t canaries) {
  at::Tensor rows = at::zeros({static_cast<std::int64_t>(subjects.size()), canaries});
  for (std::size_t i = 0; i < subjects.size(); ++i) {
    if (subjects[i] >= 0) rows[static_cast<std::int64_t>(i)][place[static_cast<std::size_t>(subjects[i])]] = 10;
  }
  return rows;
}

// A ledger that is forgotten.
struct ScratchLedger {
  ScratchLedger()
      : path(std::filesystem::temp_directory_path() / fmt::format("canaries_{}_{}", getpid(), number++)), ledger(path) {
    ledger.declare({.epsilon = 1e9, .delta = 1e-6, .neighbours = Neighbours::add_remove});
  }
  ~ScratchLedger() { std::filesystem::remove(path); }
  ScratchLedger(const ScratchLedger&) = delete;
  ScratchLedger& operator=(const ScratchLedger&) = delete;
  inline static int number = 0;
  std::string path;
  Ledger ledger;
};

using Trajectory = std::vector<at::Tensor>;  // the weights before the first step and after each

inline Trajectory train(const Cohort& people, const SampledSum& gradients, std::uint64_t seed) {
  ScratchLedger scratch;
  const Vault vault(people, scratch.ledger);
  PrivateTraining training(vault, {.purpose = "audit", .events = {gradients.event()}}, seed);
  auto sums = training.sums<Places>(gradients, places);
  Rng rng(seed);
  nn::Parameters parameters;
  const nn::Linear layer(parameters, "canaries", gradients.size, 1, rng, false);
  const nn::DataLoss<Places> loss = [&](const Places& place, const nn::Turn&, nn::Tape& tape, auto subjects) {
    return layer(tape, records(place, subjects, gradients.size)).sum();
  };
  nn::ShardPool pool(1);
  nn::Trainer trainer(gradients.count);
  trainer.add({.name = "canaries", .flat = parameters.flat(),
               .optimizer = std::make_unique<nn::Sgd>(gradients.size, nn::SgdOptions{}), .schedule = {.rate = kLearningRate},
               .gradient = nn::private_gradient<Places>(sums, pool, parameters.flat(), {}, kExpected, loss)});
  Trajectory weights = {parameters.flat().clone()};
  while (!trainer.done()) {
    trainer.step();
    weights.push_back(parameters.flat().clone());
  }
  return training.finish(std::move(weights), "weights").value();
}

}  // namespace understudy
