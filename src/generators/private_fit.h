// A private training of one or several networks, one after the other: one plan, one noise multiplier, one result.
//
//   Released<ModelPtr> model = fit_privately({vault, "gan", options, context, checkpoint, mu, slack}, parts, [&] { return model; });
//
// Guarantee: that of PrivateTraining (vault/private_training.h), for the plan whose cost is at most `mu`. Assumption: parts look
// at records through their sums alone, and the model follows from those and from public or released values.
// Tried to break by tests/conformance/private_test.cc.
#pragma once

#include <functional>
#include <span>
#include <string>

#include "nn/trainer.h"
#include "understudy/generator.h"
#include "vault/private_training.h"

namespace understudy {

// One network, or several that play against each other and of which one learns from records.
class PrivatePart {
 public:
  virtual ~PrivatePart() = default;
  virtual std::string name() const = 0;          // of its state in the checkpoint
  virtual SampledSum sum() const = 0;            // what it asks for; the multiplier is found for it
  virtual std::int64_t sums_each() const { return 1; }  // of a step of its trainer
  // Called when its turn comes. The trainer lives until the part is destroyed.
  virtual nn::Trainer& begin(PrivateTraining& paid, const SampledSum& sum) = 0;
  virtual void skip(std::int64_t sums) = 0;      // those that a checkpoint is beyond
  virtual at::Tensor end() = 0;                  // the training is over: the weights that it gave, float [parameters]
};

struct PrivateCall {
  const Vault& vault;
  std::string_view generator;
  const Options& options;
  const Context& context;
  const Checkpoint& checkpoint;
  double mu = 0;     // what the plan may cost,
  double slack = 0;  // with this delta for what no mu covers (gaussian_cost)
};

// What is left of `whole` for the training when `mu` was spent on its description; a little less than all.
double left_of(const GaussianCost& whole, double mu);

// Steps of a part: sum().count / sums_each(). ErrorKind::input where there is no part: no column that a network can learn.
Released<ModelPtr> fit_privately(const PrivateCall& call, std::span<PrivatePart* const> parts, const std::function<ModelPtr()>& model);

}  // namespace understudy
