// A learner without a network for the tests of the metrics: what can be worked out by hand.
#pragma once

#include <algorithm>
#include <cmath>
#include <memory>
#include <vector>

#include "understudy/learner.h"

namespace understudy {

// The mean of each feature over the rows of each sequence.
inline std::vector<std::vector<double>> sequence_means(const SequenceBatch& batch) {
  std::vector<std::vector<double>> means;
  const auto width = static_cast<std::size_t>(batch.features);
  for (std::size_t s = 0; s + 1 < batch.offsets.size(); ++s) {
    auto& mean = means.emplace_back(width);
    for (std::int64_t row = batch.offsets[s]; row < batch.offsets[s + 1]; ++row) {
      for (std::size_t f = 0; f < width; ++f) mean[f] += batch.values[static_cast<std::size_t>(row) * width + f];
    }
    for (double& m : mean) m /= static_cast<double>(batch.offsets[s + 1] - batch.offsets[s]);
  }
  return means;
}

// classify: 1 where the sequence's means are nearer to the average of the ones than to that of the zeros.
struct NearestMean : FittedLearner {
  std::vector<double> averages[2];

  double distance(const std::vector<double>& means, std::size_t target) const {
    double sum = 0;
    for (std::size_t f = 0; f < means.size(); ++f) sum += std::pow(means[f] - averages[target][f], 2);
    return sum;
  }
  std::vector<float> answers(const SequenceBatch& batch) const override {
    std::vector<float> result;
    for (const auto& means : sequence_means(batch)) result.push_back(distance(means, 1) < distance(means, 0) ? 1 : 0);
    return result;
  }
};

// regress: the mean of each row's targets that are there.
struct MeanTarget : FittedLearner {
  std::vector<double> means;

  std::vector<float> answers(const SequenceBatch& batch) const override {
    std::vector<float> result;
    for (std::int64_t row = 0; row < batch.rows(); ++row) result.insert(result.end(), means.begin(), means.end());
    return result;
  }
};

class HandLearner : public Learner {
 public:
  std::unique_ptr<const FittedLearner> fit(const SequenceBatch& batch, std::span<const float> targets,
                                           const LearnerPlan& plan, const Context&) const override {
    if (plan.task == LearnerTask::classify) return nearest_mean(batch, targets);
    return mean_target(targets, targets.size() / static_cast<std::size_t>(batch.rows()));
  }

 private:
  static std::unique_ptr<const FittedLearner> nearest_mean(const SequenceBatch& batch, std::span<const float> targets) {
    auto fitted = std::make_unique<NearestMean>();
    const auto all = sequence_means(batch);
    for (const std::size_t target : {0, 1}) {
      auto& average = fitted->averages[target];
      average.resize(static_cast<std::size_t>(batch.features));
      const auto size = static_cast<double>(std::count(targets.begin(), targets.end(), static_cast<float>(target)));
      for (std::size_t s = 0; s < all.size(); ++s) {
        if (targets[s] != static_cast<float>(target)) continue;
        for (std::size_t f = 0; f < average.size(); ++f) average[f] += all[s][f] / size;
      }
    }
    return fitted;
  }
  static std::unique_ptr<const FittedLearner> mean_target(std::span<const float> targets, std::size_t width) {
    auto fitted = std::make_unique<MeanTarget>();
    std::vector<double> counts(width);
    fitted->means.resize(width);
    for (std::size_t i = 0; i < targets.size(); ++i) {
      if (std::isnan(targets[i])) continue;
      fitted->means[i % width] += double{targets[i]};
      counts[i % width] += 1;
    }
    for (std::size_t c = 0; c < width; ++c) fitted->means[c] /= std::max(counts[c], 1.0);
    return fitted;
  }
};

}  // namespace understudy
