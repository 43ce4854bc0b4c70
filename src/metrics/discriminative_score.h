// TimeGAN's discriminative score: how far from a coin a recurrent network is that tells synthetic windows of a series
// from those of holdout people (Yoon, Jarrett and van der Schaar 2019; github.com/jsyoon0823/TimeGAN,
// metrics/discriminative_metrics.py). |accuracy - 0.5|, from 0 to 0.5, on windows of people who had no part in the fit.
//
// What differs from the published code, so that the score is fast, and sure on few people:
//   tested on    every window once, in five folds of whole people; there, one drawn fifth of all windows
//   steps        at most 600 of 128 windows of both kinds, until people held aside stop gaining; there, 2,000 of
//                128 + 128
//   rate         5e-3; there, 1e-3
//   hidden       half as many units as columns, but 8 to 32; there, no limits
//   windows, scaling, missing values   metrics/windows.h
#pragma once

#include <vector>

#include "understudy/metric.h"

namespace understudy {

std::vector<Finding> evaluate_discriminative_score(const Evaluation& evaluation, const Context& context);

}  // namespace understudy
