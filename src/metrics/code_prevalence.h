// How common each code of a codes column is, and how many codes stand in a cell.
//
// The share of people (of a static column) or rows (of a series) with each code, compared as metrics/code_shares.h says;
// `code_prevalence_r2` is the "unigram" R squared of HALO (Theodorou, Xiao and Sun 2023). The number of codes per cell
// is compared as a Kolmogorov-Smirnov distance.
#pragma once

#include <vector>

#include "understudy/metric.h"

namespace understudy {

// No finding where the schema has no codes column.
std::vector<Finding> evaluate_code_prevalence(const Evaluation& evaluation, const Context& context);

}  // namespace understudy
