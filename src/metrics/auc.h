// Area under the ROC curve, and how sure it is when rows come in subjects and folds.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "metrics/estimate.h"

namespace understudy {

// Scores of the two classes in one fold, with the subject of each score (subject numbers of the classes are apart).
struct FoldScores {
  std::vector<float> positive;
  std::vector<float> negative;
  std::vector<std::int32_t> positive_owners;
  std::vector<std::int32_t> negative_owners;
};

// Share of `others` below each of `scores`, ties counted half.
std::vector<double> shares_below(std::span<const float> scores, std::span<const float> others);

// Mean over the folds of P(positive > negative) + P(equal) / 2, with a 95 % interval from the influence of each
// subject (LeDell, Petersen and van der Laan 2015, with subjects as clusters as in Obuchowski 1997). Folds without
// both classes are left out; NaN when none is left.
Estimate cross_fitted_auc(std::span<const FoldScores> folds);

}  // namespace understudy
