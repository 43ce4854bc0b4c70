// Can trees tell synthetic rows from real ones? The classifier two-sample test (Lopez-Paz and Oquab 2017).
#pragma once

#include <string_view>
#include <vector>

#include "metrics/estimate.h"
#include "understudy/metric.h"

namespace understudy {

// AUC of XGBoost between two cohorts: equally many rows (at most `most_rows` each) of drawn subjects, five folds with
// no subject in two of them, each scored by trees trained on the other four. NaN when a cohort has fewer than two
// subjects with rows, or there is no column to look at.
Estimate discriminator_auc(const Cohort& first, const Cohort& second, std::int64_t most_rows, const Context& context,
                           std::string_view purpose);

std::vector<Finding> evaluate_discriminator(const Evaluation& evaluation, const Context& context);

}  // namespace understudy
