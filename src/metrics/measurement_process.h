// Who is measured when: what the pattern of missing values in a series says, apart from the values themselves.
//
// Of each series column:
//   measured_share_ks   Kolmogorov-Smirnov distance, over people, of the share of a person's rows that have a value.
//   gap_ks              the same of the time between neighbouring measured values of one person (in rows where the
//                       schema has no time column). Of larger cohorts, people drawn with 500,000 rows.
//   informative_missingness_difference   numeric columns: difference of Pearson's correlation, over the rows of people
//                       who were measured before, between "measured in this row" (0 or 1) and the last measured value.
//                       Not 0 where sicker people are measured more often (informative observation; Groenwold 2020,
//                       Che et al. 2018).
//   measurement_count_association_difference   difference of the association, over people, between the number of
//                       measured values and each static column or target: Pearson for numeric ones, the correlation
//                       ratio eta for categorical ones; mean over them. A target in the series counts with its last
//                       value. At most 20 of them, targets first.
// An association that is undefined on one side (always measured, never measured) counts as 0 there.
#pragma once

#include <vector>

#include "understudy/metric.h"

namespace understudy {

std::vector<Finding> evaluate_measurement_process(const Evaluation& evaluation, const Context& context);

}  // namespace understudy
