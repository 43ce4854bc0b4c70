// Which code of one visit is followed by which code in the next, and how many codes come back.
//
// Of each codes column of a series: a step leads from a row with codes to the person's next row with codes; rows
// without are stepped over. The share of steps with each pair of an earlier and a later code is compared as
// metrics/code_shares.h says: the 2,000 most frequent pairs among the 2,000 most frequent codes. `code_step_r2` is the
// "sequential visit bigram" R squared of HALO (Theodorou, Xiao and Sun 2023).
//
// Recurrence is the share of the codes after a person's first row with codes that stood in an earlier row.
#pragma once

#include <vector>

#include "understudy/metric.h"

namespace understudy {

// No finding where the series has no codes column. 16 bytes for each two frequent codes.
std::vector<Finding> evaluate_code_transitions(const Evaluation& evaluation, const Context& context);

}  // namespace understudy
