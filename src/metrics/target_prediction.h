// Train on synthetic, test on real: how well a classifier that was fitted on synthetic people foretells a target of holdout
// people (TSTR; Esteban, Hyland and Ratsch 2017, arXiv:1706.02633). The reference is the same classifier fitted on train.
//
// For each static target with two values (boolean, or two categories; schema: target = true), two classifiers:
//   target_auroc, target_auprc                       gradient-boosted trees (metrics/xgboost.h) over a person's statics, the
//                                                    number of rows, and of each series column the first, last, smallest and
//                                                    largest value, the mean, and how many there are
//   target_auroc_recurrent, target_auprc_recurrent   a recurrent network over the rows, scaled and carried forward as
//                                                    metrics/windows.h says, beside the statics; at most 200 rows a person
// Other targets are not shown to the classifier, nor are ids, texts and codes. AUPRC is the average precision: the share of the
// target is what a coin scores.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "metrics/sample.h"
#include "understudy/metric.h"

namespace understudy {

std::vector<Finding> evaluate_target_prediction(const Evaluation& evaluation, const Context& context);

// Of scored people, each counted `weights` times. NaN unless there are both kinds. Ties count half.
double area_under_roc(std::span<const float> scores, std::span<const std::uint8_t> targets, Weights weights);
// sum over thresholds of (recall - recall before) * precision; people with the same score pass together.
double average_precision(std::span<const float> scores, std::span<const std::uint8_t> targets, Weights weights);

}  // namespace understudy
