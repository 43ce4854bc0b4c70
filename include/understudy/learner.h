// A learner of sequences, for rooms that may not know torch: a metric or an attack that needs a small recurrent network
// states what to learn and gets it from above (the pipeline hands it in). A proposal: nothing implements it yet.
//
// The discriminative and predictive scores of TimeGAN (Yoon, Jarrett and van der Schaar 2019; github.com/jsyoon0823/
// TimeGAN, metrics/) in these terms, with people for its windows:
//
//   discriminative_score   |accuracy - 0.5| of a classifier of synthetic against holdout people on people whom it was
//                          not fitted on; hidden = features / 2, 2,000 steps of 128, rate 1e-3.
//   predictive_score       mean absolute error, on holdout people, of the last feature one row ahead from the others,
//                          by a regressor fitted on synthetic people; hidden = features / 2, 5,000 steps of 128, rate
//                          1e-3.
//
// The references are the same between train and holdout: a classifier of train against holdout, a regressor fitted on
// train.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "understudy/context.h"

namespace understudy {

// Rows of people one after the other. Values are scaled by who fills them in; none is missing.
struct SequenceBatch {
  std::int64_t features = 0;
  std::vector<float> values;           // [rows x features], row-major
  std::vector<std::int64_t> offsets;   // person p owns rows [offsets[p], offsets[p + 1]); starts with 0
};

enum class LearnerTask {
  classify,  // one target per person, 0 or 1; answers are probabilities of 1
  regress,   // one target per row; answers are numbers
};

struct LearnerPlan {
  LearnerTask task = LearnerTask::classify;
  std::int64_t hidden = 8;    // units of the recurrent layer (GRU)
  std::int64_t steps = 2000;  // of the optimiser (Adam)
  std::int64_t batch = 128;   // people a step
  double rate = 1e-3;
};

class FittedLearner {
 public:
  virtual ~FittedLearner() = default;
  // One answer per person (classify) or per row (regress), in the order of the batch. ErrorKind::internal when the
  // number of features differs from that of the fit.
  virtual std::vector<float> answers(const SequenceBatch& batch) const = 0;
};

class Learner {
 public:
  virtual ~Learner() = default;
  // The same context seed gives the same answers with any number of threads. A look without privacy at whatever the
  // batch holds: what comes out is inside. Throws ErrorKind::cancelled when asked to stop.
  virtual std::unique_ptr<const FittedLearner> fit(const SequenceBatch& batch, std::span<const float> targets,
                                                   const LearnerPlan& plan, const Context& context) const = 0;
};

}  // namespace understudy
