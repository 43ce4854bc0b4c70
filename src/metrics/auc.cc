#include "metrics/auc.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace understudy {
namespace {

// Squared influences of one class's subjects on its fold's AUC, times m / (m - 1) for m subjects.
double class_variance(std::span<const double> shares, std::span<const std::int32_t> owners, double auc) {
  std::map<std::int32_t, double> influence;
  for (std::size_t i = 0; i < shares.size(); ++i) influence[owners[i]] += shares[i] - auc;
  const auto subjects = static_cast<double>(influence.size());
  if (subjects < 2) return kNotMeasured;
  double squares = 0;
  for (const auto& [owner, sum] : influence) squares += sum * sum;
  const auto rows = static_cast<double>(shares.size());
  return squares / (rows * rows) * subjects / (subjects - 1);
}

}  // namespace

std::vector<double> shares_below(std::span<const float> scores, std::span<const float> others) {
  std::vector<float> sorted(others.begin(), others.end());
  std::sort(sorted.begin(), sorted.end());
  std::vector<double> result;
  for (const float score : scores) {
    const auto [low, high] = std::equal_range(sorted.begin(), sorted.end(), score);
    const auto twice = (low - sorted.begin()) + (high - sorted.begin());
    result.push_back(static_cast<double>(twice) / (2 * static_cast<double>(sorted.size())));
  }
  return result;
}

Estimate cross_fitted_auc(std::span<const FoldScores> folds) {
  double sum = 0;
  double variance = 0;
  double used = 0;
  for (const FoldScores& fold : folds) {
    if (fold.positive.empty() || fold.negative.empty()) continue;
    const auto positive = shares_below(fold.positive, fold.negative);
    auto negative = shares_below(fold.negative, fold.positive);
    for (double& share : negative) share = 1 - share;
    const double auc = mean_of(positive);
    sum += auc;
    variance +=
        class_variance(positive, fold.positive_owners, auc) + class_variance(negative, fold.negative_owners, auc);
    used += 1;
  }
  Estimate result;
  if (used == 0) return result;
  result.value = sum / used;
  const double half = 1.96 * std::sqrt(variance) / used;
  if (std::isnan(half)) return result;
  result.low = std::max(0.0, result.value - half);
  result.high = std::min(1.0, result.value + half);
  return result;
}

}  // namespace understudy
