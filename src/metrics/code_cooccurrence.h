// Which codes stand together.
//
// The share of cells (people of a static column, rows of a series) that hold both codes of a pair, compared as
// metrics/code_shares.h says: the 2,000 most frequent pairs among the 2,000 most frequent codes. `code_pair_r2` is the
// "bigram" R squared of HALO (Theodorou, Xiao and Sun 2023), who take all pairs: beyond the frequent ones shares are
// single people.
#pragma once

#include <vector>

#include "understudy/metric.h"

namespace understudy {

// No finding where the schema has no codes column. 16 bytes for each two frequent codes.
std::vector<Finding> evaluate_code_cooccurrence(const Evaluation& evaluation, const Context& context);

}  // namespace understudy
