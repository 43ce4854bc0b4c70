#include "nn/recurrent_learner.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cmath>
#include <limits>

#include "nn/noise.h"
#include "nn/sequence_network.h"
#include "testing/kind_of.h"
#include "understudy/error.h"

namespace understudy::nn {
namespace {

constexpr float kNone = std::numeric_limits<float>::quiet_NaN();

// Sequences of 3 to 7 rows of uniform numbers.
SequenceBatch uniform_sequences(std::int64_t size, std::int64_t features, std::uint64_t seed) {
  Rng rng(seed);
  SequenceBatch batch;
  batch.features = features;
  for (std::int64_t s = 0; s < size; ++s) {
    batch.offsets.push_back(batch.offsets.back() + 3 + static_cast<std::int64_t>(rng.below(5)));
  }
  while (static_cast<std::int64_t>(batch.values.size()) < batch.rows() * features) {
    batch.values.push_back(static_cast<float>(rng.uniform()));
  }
  return batch;
}

// 1 where the mean of the sequence's first feature is above 0.5.
std::vector<float> classes_by_mean(const SequenceBatch& batch) {
  std::vector<float> classes;
  for (std::size_t s = 0; s + 1 < batch.offsets.size(); ++s) {
    double sum = 0;
    for (std::int64_t row = batch.offsets[s]; row < batch.offsets[s + 1]; ++row) {
      sum += batch.values[static_cast<std::size_t>(row * batch.features)] - 0.5;
    }
    classes.push_back(sum > 0);
  }
  return classes;
}

// Chance gives 200 of 400 with deviation 10: 320 hits by chance have probability below 1e-30.
TEST(RecurrentLearner, ClassifiesByMean) {
  const SequenceBatch fitted_on = uniform_sequences(400, 2, 1);
  const SequenceBatch asked = uniform_sequences(400, 2, 2);
  const auto fitted = make_recurrent_learner()->fit(fitted_on, classes_by_mean(fitted_on), {.steps = 400}, {});
  const auto answers = fitted->answers(asked);
  const auto classes = classes_by_mean(asked);
  ASSERT_EQ(answers.size(), 400U);
  int hits = 0;
  for (std::size_t s = 0; s < answers.size(); ++s) {
    EXPECT_TRUE(answers[s] >= 0 && answers[s] <= 1);
    hits += (answers[s] > 0.5F) == (classes[s] == 1);
  }
  EXPECT_GT(hits, 320);
}

// Targets: the row's own first feature, and twice the one of the row before (none in the first row). A constant's mean
// absolute errors are 0.25 and 0.5.
TEST(RecurrentLearner, RegressesThisRowAndTheOneBefore) {
  const auto targets_of = [](const SequenceBatch& batch) {
    std::vector<float> targets;
    for (std::size_t s = 0; s + 1 < batch.offsets.size(); ++s) {
      for (std::int64_t row = batch.offsets[s]; row < batch.offsets[s + 1]; ++row) {
        targets.push_back(batch.values[static_cast<std::size_t>(row)]);
        targets.push_back(row > batch.offsets[s] ? 2 * batch.values[static_cast<std::size_t>(row - 1)] : kNone);
      }
    }
    return targets;
  };
  const SequenceBatch fitted_on = uniform_sequences(400, 1, 3);
  const SequenceBatch asked = uniform_sequences(100, 1, 4);
  const auto fitted = make_recurrent_learner()->fit(
      fitted_on, targets_of(fitted_on), {.task = LearnerTask::regress, .hidden = 16, .steps = 600}, {});
  const auto answers = fitted->answers(asked);
  const auto targets = targets_of(asked);
  ASSERT_EQ(answers.size(), targets.size());
  double errors[2] = {0, 0};
  double counts[2] = {0, 0};
  for (std::size_t i = 0; i < answers.size(); ++i) {
    if (std::isnan(targets[i])) continue;
    errors[i % 2] += std::abs(answers[i] - targets[i]);
    counts[i % 2] += 1;
  }
  EXPECT_LT(errors[0] / counts[0], 0.1);
  EXPECT_LT(errors[1] / counts[1], 0.2);
}

// The answers for a sequence alone and among longer ones differ by rounding at most; so do those for its beginning.
TEST(RecurrentLearner, AnswersDependOnTheRowsUpToThenOfOneSequence) {
  const SequenceBatch batch = uniform_sequences(50, 2, 5);
  std::vector<float> targets(static_cast<std::size_t>(batch.rows()));
  for (std::size_t row = 0; row < targets.size(); ++row) targets[row] = batch.values[2 * row];
  const auto fitted = make_recurrent_learner()->fit(batch, targets, {.task = LearnerTask::regress, .steps = 50}, {});
  const auto together = fitted->answers(batch);
  for (std::size_t s = 0; s < 50; ++s) {
    const auto first = static_cast<std::size_t>(batch.offsets[s]);
    const auto end = static_cast<std::size_t>(batch.offsets[s + 1]);
    const auto values = batch.values.begin() + static_cast<std::ptrdiff_t>(2 * first);
    for (std::size_t rows = 1; rows <= end - first; ++rows) {
      const SequenceBatch alone{
          2, {values, values + static_cast<std::ptrdiff_t>(2 * rows)}, {0, static_cast<std::int64_t>(rows)}};
      EXPECT_NEAR(fitted->answers(alone).back(), together[first + rows - 1], 1e-5);
    }
  }
}

TEST(RecurrentLearner, SameSeedSameBytesOnAnyThread) {
  const SequenceBatch batch = uniform_sequences(60, 3, 6);
  const auto classes = classes_by_mean(batch);
  const auto learner = make_recurrent_learner();
  const auto answers = [&](std::uint64_t seed) {
    Context context;
    context.seed = seed;
    return learner->fit(batch, classes, {.steps = 60}, context)->answers(batch);
  };
  const auto once = answers(1);
  std::vector<std::vector<float>> again(4);
  parallel_for(4, 4, [&](std::int64_t i) { again[static_cast<std::size_t>(i)] = answers(1); });
  for (const auto& other : again) EXPECT_EQ(once, other);
  EXPECT_NE(once, answers(2));
}

TEST(RecurrentLearner, FewSequencesAndNoTargets) {
  const SequenceBatch one{1, {0.5F}, {0, 1}};
  const auto learner = make_recurrent_learner();
  EXPECT_EQ(learner->fit(one, std::vector<float>{1}, {.steps = 30}, {})->answers(one).size(), 1U);
  const LearnerPlan regress = {.task = LearnerTask::regress, .steps = 30};
  EXPECT_TRUE(std::isfinite(learner->fit(one, std::vector<float>{kNone}, regress, {})->answers(one)[0]));
}

TEST(RecurrentLearner, RefusesWhatDoesNotFit) {
  const auto learner = make_recurrent_learner();
  const SequenceBatch batch = uniform_sequences(10, 2, 7);
  SequenceBatch rowless = batch;
  rowless.offsets.push_back(rowless.rows());
  const std::vector<float> classes(10, 1);
  EXPECT_EQ(kind_of([&] { learner->fit(rowless, std::vector<float>(11), {}, {}); }), ErrorKind::internal);
  EXPECT_EQ(kind_of([&] { learner->fit(batch, std::vector<float>(9), {}, {}); }), ErrorKind::internal);
  EXPECT_EQ(kind_of([&] { learner->fit({}, {}, {}, {}); }), ErrorKind::internal);
  const auto fitted = learner->fit(batch, classes, {.steps = 1}, {});
  EXPECT_EQ(kind_of([&] { fitted->answers(uniform_sequences(3, 1, 8)); }), ErrorKind::internal);
}

TEST(RecurrentLearner, ReportsAndStops) {
  const SequenceBatch batch = uniform_sequences(20, 1, 9);
  std::int64_t last = -1;
  std::atomic<bool> stop = false;
  Context context;
  context.cancelled = &stop;
  context.progress = [&](const Progress& progress) {
    EXPECT_EQ(progress.stage, "learning");
    last = progress.done;
    stop = progress.done >= 50;
  };
  const LearnerPlan plan = {.steps = 100, .patience = 100};
  EXPECT_EQ(kind_of([&] { make_recurrent_learner()->fit(batch, classes_by_mean(batch), plan, context); }),
            ErrorKind::cancelled);
  EXPECT_EQ(last, 50);
}

// The slope along each parameter, for sequences of unlike lengths.
TEST(SequenceNetwork, GradientIsTheSlopeOfTheAnswers) {
  const SequenceBatch batch = uniform_sequences(4, 2, 11);
  const at::Tensor values = padded_values(batch.values, 2, 0);
  const PaddedRows padded = padded_rows(batch, std::vector<std::int64_t>{0, 2, 3});
  for (const auto& [task, outputs] : {std::pair(LearnerTask::classify, 1), std::pair(LearnerTask::regress, 2)}) {
    Rng rng(12);
    const SequenceNetwork network(task, 2, 3, at::zeros({outputs}), rng);
    const auto answers = [&](Tape&& tape) { return network.answers(tape, values, padded); };
    const at::Tensor slopes = normals(rng, answers(Tape::sampling(network.flat())).size(0), outputs);
    Tape tape = Tape::plain(network.flat());
    tape.backward((network.answers(tape, values, padded) * slopes).sum());
    for (std::int64_t i = 0; i < network.flat().numel(); ++i) {
      constexpr float kStep = 1e-2F;
      const auto moved = [&](float by) {
        at::Tensor other = network.flat().clone();
        other[i] += by;
        return (answers(Tape::sampling(other)) * slopes).sum().item<float>();
      };
      EXPECT_NEAR(tape.gradient()[i].item<float>(), (moved(kStep) - moved(-kStep)) / (2 * kStep), 5e-3) << i;
    }
  }
}

}  // namespace
}  // namespace understudy::nn
