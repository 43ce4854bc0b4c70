// A learner of sequences, for rooms that may not know torch: a metric or an attack that needs a small recurrent network
// states what to learn and gets it from above (Evaluation in understudy/metric.h).
//
//   auto fitted = learner.fit(batch, targets, {.task = LearnerTask::classify, .hidden = 20}, context);
//   std::vector<float> chances = fitted->answers(others);
//
// The network is one layer of gated recurrent units over a sequence's rows (GRU, Cho et al. 2014, arXiv:1406.1078) and a
// linear layer on its state: the state after the last row for `classify`, after every row for `regress`. An answer
// depends on its row and those before it in the same sequence, and on no other sequence.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "understudy/context.h"

namespace understudy {

// Rows of sequences one after the other, at least one row each; a sequence is a person, or a stretch of a person's rows.
// Values are scaled by who fills them in; none is missing.
struct SequenceBatch {
  std::int64_t features = 0;
  std::vector<float> values;                // [rows x features], row-major
  std::vector<std::int64_t> offsets = {0};  // sequence s owns rows [offsets[s], offsets[s + 1])

  std::int64_t size() const { return static_cast<std::int64_t>(offsets.size()) - 1; }
  std::int64_t rows() const { return offsets.back(); }
};

enum class LearnerTask {
  classify,  // one target per sequence, 0 or 1; answers are probabilities of 1; minimises the cross-entropy
  regress,   // equally many targets per row, NaN where a row has none; answers are numbers; minimises the absolute error
};

// The fit ends by itself: an eighth of the sequences (all, where there are fewer than eight) are held aside and their
// loss is looked at every 25 steps; after `patience` looks without a better one the fit is over, and the network of the
// best look is kept.
struct LearnerPlan {
  LearnerTask task = LearnerTask::classify;
  std::int64_t hidden = 8;    // recurrent units
  std::int64_t steps = 1000;  // of the optimiser (Adam), at most
  std::int64_t batch = 128;   // sequences a step
  double rate = 5e-3;
  std::int64_t patience = 8;
};

class FittedLearner {
 public:
  virtual ~FittedLearner() = default;
  // One answer per sequence (classify), or as many per row as there were targets (regress), in the order of the batch.
  // May be called by several threads at once. ErrorKind::internal when the features are not as many as in the fit.
  virtual std::vector<float> answers(const SequenceBatch& batch) const = 0;
};

class Learner {
 public:
  virtual ~Learner() = default;
  // Runs on the calling thread, whatever context.threads says; several threads may call it at once. The same seed gives
  // the same answers. Reports "learning" in steps. A look without privacy at whatever the batch holds: what comes out
  // is inside.
  // ErrorKind::internal when batch and targets do not fit together, ErrorKind::cancelled when asked to stop.
  virtual std::unique_ptr<const FittedLearner> fit(const SequenceBatch& batch, std::span<const float> targets,
                                                   const LearnerPlan& plan, const Context& context) const = 0;
};

}  // namespace understudy
