// How values follow each other within a person.
//
// Of each numeric series column, for lags of 1, 2, 4 and 8 measured values of that column: Pearson's correlation of
// d(t) and d(t + lag) over all people, where d is a measured value's deviation from the person's own mean (Box and
// Jenkins' sample autocorrelation, pooled within people). Rows where the column is missing are stepped over, so a lag
// is a number of measurements and no length of time: `measurement_process` compares how far measurements lie apart.
// Short series push the value down (Nickell 1981), in real and synthetic data alike where they are equally long.
#pragma once

#include <vector>

#include "understudy/metric.h"

namespace understudy {

std::vector<Finding> evaluate_autocorrelation(const Evaluation& evaluation, const Context& context);

}  // namespace understudy
