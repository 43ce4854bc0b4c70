#include "nn/recurrent_learner.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <limits>

#include "nn/adam.h"
#include "nn/sequence_network.h"
#include "nn/serial.h"
#include "nn/trainer.h"
#include "understudy/error.h"

namespace understudy::nn {
namespace {

constexpr std::int64_t kAside = 8;  // one sequence of so many decides when the fit ends
constexpr std::int64_t kLook = 25;  // steps between looks at them

// The network of the best look so far.
struct Best {
  at::Tensor flat;
  double loss = std::numeric_limits<double>::infinity();
  std::int64_t looks_since = 0;

  void look(const at::Tensor& now, double its_loss) {
    ++looks_since;
    if (!(its_loss < loss)) return;
    flat = now.clone();
    loss = its_loss;
    looks_since = 0;
  }
};

class Fit {
 public:
  Fit(const SequenceBatch& batch, std::span<const float> targets, const LearnerPlan& plan, const Context& context)
      : batch_(batch), plan_(plan), context_(context), rng_(context.rng("learner")),
        values_(padded_values(batch.values, batch.features, 0)),
        targets_(padded_values(targets, outputs(targets), std::numeric_limits<float>::quiet_NaN())),
        network_(first_network()), fitted_(all_of(batch)) {
    rng_.shuffle(fitted_);
    const auto aside = static_cast<std::ptrdiff_t>(fitted_.size() / kAside);
    aside_.assign(fitted_.begin(), aside > 0 ? fitted_.begin() + aside : fitted_.end());
    fitted_.erase(fitted_.begin(), fitted_.begin() + aside);
  }

  std::unique_ptr<const FittedLearner> run() {
    const at::Tensor flat = network_.flat().clone();
    Trainer trainer(plan_.steps);
    trainer.add({.name = "learner", .flat = flat,
                 .optimizer = std::make_unique<Adam>(flat.numel(), AdamOptions{.beta1 = 0.9, .beta2 = 0.999}),
                 .schedule = {.rate = plan_.rate}, .gradient = [&](const Turn&) { return gradient(flat); }});
    Best best{flat.clone()};
    while (true) {
      if (trainer.steps() % kLook == 0 || trainer.done()) {
        context_.check_cancelled();
        context_.report({.stage = "learning", .unit = "steps", .done = trainer.steps(), .total = trainer.total()});
        best.look(flat, aside_loss(flat));
      }
      if (trainer.done() || best.looks_since >= plan_.patience) break;
      trainer.step();
    }
    return fitted_network(network_, best.flat);
  }

 private:
  bool classify() const { return plan_.task == LearnerTask::classify; }

  // Targets of each unit that is answered for.
  std::int64_t outputs(std::span<const float> targets) const {
    const std::int64_t units = classify() ? batch_.size() : batch_.rows();
    const auto count = static_cast<std::int64_t>(targets.size());
    if (count == 0 || count % units != 0 || (classify() && count != units)) {
      fail(ErrorKind::internal, "{} targets for {} {}", count, units, classify() ? "sequences" : "rows");
    }
    return count / units;
  }

  // Begins with what a constant would answer: without it, the first steps go to the biases alone.
  SequenceNetwork first_network() const {
    const at::Tensor mean = at::nan_to_num(at::nanmean(targets_, 0));
    Rng weights = rng_.stream("weights");
    return {plan_.task, batch_.features, plan_.hidden, classify() ? at::logit(mean, 0.01) : mean, weights};
  }

  // One row for each answer of a pass; NaN where there is no target.
  at::Tensor targets(Chosen chosen, const PaddedRows& padded) const {
    return targets_.index_select(0, classify() ? index_tensor(chosen) : padded.rows);
  }

  double aside_loss(const at::Tensor& flat) const {
    double sum = 0;
    double count = 0;
    for_each_chunk(aside_, [&](Chosen chosen) {
      const PaddedRows padded = padded_rows(batch_, chosen);
      Tape tape = Tape::sampling(flat);
      const at::Tensor raw = network_.answers(tape, values_, padded);
      const at::Tensor target = targets(chosen, padded);
      // -log of the probability of the target is softplus(raw) - target raw.
      sum += (classify() ? at::softplus(raw) - target * raw : (raw - target).abs()).nansum().item<double>();
      count += at::isnan(target).logical_not().sum().item<double>();
    });
    return sum / std::max(count, 1.0);
  }

  // Of the mean loss over the next batch. The loss is linear in its slopes: where there is no target there is none.
  at::Tensor gradient(const at::Tensor& flat) {
    const Chosen chosen = next_batch();
    const PaddedRows padded = padded_rows(batch_, chosen);
    Tape tape = Tape::plain(flat);
    const at::Tensor raw = network_.answers(tape, values_, padded), now = raw.detach();
    const at::Tensor target = targets(chosen, padded);
    const at::Tensor slopes = classify() ? now.sigmoid() - target : at::nan_to_num((now - target).sign());
    const at::Tensor count = at::isnan(target).logical_not().sum().clamp_min(1);
    tape.backward((raw * (slopes / count)).sum());
    return tape.gradient();
  }

  // The next sequences of an order that is drawn anew when too few are left.
  Chosen next_batch() {
    const auto count = static_cast<std::size_t>(std::min(plan_.batch, static_cast<std::int64_t>(fitted_.size())));
    if (next_ == 0 || next_ + count > fitted_.size()) {
      rng_.shuffle(fitted_);
      next_ = 0;
    }
    next_ += count;
    return Chosen(fitted_).subspan(next_ - count, count);
  }

  const SequenceBatch& batch_;
  LearnerPlan plan_;
  const Context& context_;
  Rng rng_;
  const at::Tensor values_;   // [rows + 1, features]
  const at::Tensor targets_;  // [sequences + 1, 1] or [rows + 1, outputs]
  const SequenceNetwork network_;
  std::vector<std::int64_t> fitted_, aside_;
  std::size_t next_ = 0;
};

class RecurrentLearner : public Learner {
 public:
  std::unique_ptr<const FittedLearner> fit(const SequenceBatch& batch, std::span<const float> targets,
                                           const LearnerPlan& plan, const Context& context) const override {
    use_one_thread();
    check_batch(batch);
    return Fit(batch, targets, plan, context).run();
  }
};

}  // namespace

std::unique_ptr<Learner> make_recurrent_learner() { return std::make_unique<RecurrentLearner>(); }

}  // namespace understudy::nn

understudy::Learner* understudy_make_learner() { return understudy::nn::make_recurrent_learner().release(); }
