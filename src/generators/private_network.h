// One network that learns from noisy sums of its subjects' gradients: the part of a private training that most generators
// need (private_fit.h). AdamW, a rate that rises for a twentieth of the steps and then falls to zero along half a cosine, and
// a mean of the weights.
#pragma once

#include <algorithm>
#include <memory>
#include <optional>
#include <string>

#include "generators/description.h"
#include "generators/private_fit.h"
#include "nn/adam.h"
#include "nn/private_gradient.h"
#include "nn/serial.h"

namespace understudy {

struct PrivateNetworkPlan {
  std::int64_t steps = 1000;
  std::int64_t batch = 1024;       // subjects that take part on average; all, where there are fewer
  std::int64_t micro_batch = 64;
  double rate = 1e-3;              // the highest
  double weight_decay = 0;
  double average = 0.99;           // nn::AverageOptions::decay
  nn::Clipping clipping = {};
};

// By the options of private_options.h.
inline PrivateNetworkPlan private_plan(const Options& options) {
  return {.steps = options.integer("private_steps"), .batch = options.integer("private_batch"),
          .rate = options.real("private_learning_rate"), .clipping = {.bound = options.real("clip")}};
}

template <class Data>
class PrivateNetwork : public PrivatePart {
 public:
  struct Spec {
    std::string name;
    at::Tensor initial;            // float [parameters]
    // Of records, subject by subject, inside the training alone.
    std::function<Data(const Cohort& cohort)> prepare;
    // nn::SubjectGradients at `flat`.
    std::function<at::Tensor(const Data& data, const nn::Turn& turn, const at::Tensor& flat, std::span<const std::int64_t> subjects,
                             const nn::FactorsOf& factors_of)> gradients;
    // A gradient that needs no record, added after the noise; may be empty.
    std::function<at::Tensor(const nn::Turn& turn, const at::Tensor& flat)> free = {};
  };
  // Where all gradients are on a tape.
  static auto on_tape(nn::DataLoss<Data> loss) {
    return [loss = std::move(loss)](const Data& data, const nn::Turn& turn, const at::Tensor& flat, std::span<const std::int64_t> subjects,
                                    const nn::FactorsOf& factors_of) {
      return nn::on_tape(flat, [&](nn::Tape& tape, std::span<const std::int64_t> some) { return loss(data, turn, tape, some); })(subjects,
                                                                                                                             factors_of);
    };
  }

  PrivateNetwork(Spec spec, const PrivateNetworkPlan& plan, const Description& bought, const Context& context)
      : spec_(std::move(spec)), plan_(plan), subjects_(bought.subjects), flat_(spec_.initial.clone()), pool_(context.threads),
        trainer_(plan.steps) {
    nn::use_one_thread();
  }

  std::string name() const override { return spec_.name; }
  SampledSum sum() const override {
    return {.what = "gradients of " + spec_.name, .size = flat_.numel(), .bound = plan_.clipping.bound, .rate = expected() / subjects_,
            .count = plan_.steps};
  }
  nn::Trainer& begin(PrivateTraining& paid, const SampledSum& sum) override {
    sums_.emplace(paid.sums<Data>(sum, spec_.prepare));
    nn::Clipping clipping = plan_.clipping;
    clipping.micro_batch = plan_.micro_batch;
    const nn::DataGradients<Data> gradients = [this](const Data& data, const nn::Turn& turn, std::span<const std::int64_t> subjects,
                                                     const nn::FactorsOf& factors_of) {
      nn::use_one_thread();
      return spec_.gradients(data, turn, flat_, subjects, factors_of);
    };
    trainer_.add({.name = "network", .flat = flat_,
                  .optimizer = std::make_unique<nn::Adam>(
                      flat_.numel(), nn::AdamOptions{.beta1 = 0.9, .beta2 = 0.999, .weight_decay = plan_.weight_decay}),
                  .schedule = {.rate = plan_.rate, .decay = nn::Decay::cosine, .warmup = 0.05},
                  .average = nn::Average(flat_.numel(), {.decay = plan_.average}),
                  .gradient = with_free(nn::private_gradient<Data>(*sums_, pool_, clipping, expected(), gradients))});
    return trainer_;
  }
  void skip(std::int64_t sums) override { sums_->skip(sums); }
  at::Tensor end() override { return trainer_.averaged("network"); }

 private:
  nn::Gradient with_free(nn::Gradient noisy) const {
    if (!spec_.free) return noisy;
    return [this, noisy = std::move(noisy)](const nn::Turn& turn) { return noisy(turn) + spec_.free(turn, flat_); };
  }
  double expected() const { return std::min(subjects_, static_cast<double>(plan_.batch)); }

  Spec spec_;
  PrivateNetworkPlan plan_;
  double subjects_;
  at::Tensor flat_;
  nn::ShardPool pool_;
  nn::Trainer trainer_;
  std::optional<PrivateTraining::Sums<Data>> sums_;
};

}  // namespace understudy
