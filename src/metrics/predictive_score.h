// TimeGAN's predictive score: a recurrent network is fitted on synthetic people and tested on holdout people; how far
// its forecasts of the next row are from what came (Yoon, Jarrett and van der Schaar 2019;
// github.com/jsyoon0823/TimeGAN, metrics/predictive_metrics.py). Mean absolute error in units of the range of holdout
// people, averaged within each person, then over people. The reference is fitted on train.
//
//   predictive_score       the published one: the last numeric column of the schema, from all other columns
//   predictive_score_all   every numeric column, from all columns: what one forecasts where columns are of many kinds
//
// Only values that were measured are forecast. What differs from the published code:
//   columns      the last one that varies in holdout people; there, the last
//   steps        at most 600 of 128 windows, until people held aside stop gaining; there, 5,000
//   rate         5e-3; there, 1e-3
//   output       linear; there, a sigmoid
//   hidden       half as many units as columns, but 8 to 32; there, no limits
//   windows, scaling, missing values   metrics/windows.h
#pragma once

#include <vector>

#include "understudy/metric.h"

namespace understudy {

std::vector<Finding> evaluate_predictive_score(const Evaluation& evaluation, const Context& context);

}  // namespace understudy
