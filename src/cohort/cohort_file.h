// A cohort's numbers as tensors, to keep one in a file of our own: categories as indices, missing values as NaN. A
// codes column is two tensors: the indices of all its cells one after the other, and where each cell begins (and, last,
// where the last one ends). Ids and texts are not kept, subject keys become 1, 2, ...
#pragma once

#include "understudy/cohort.h"
#include "understudy/tensor_file.h"

namespace understudy {

TensorFile to_tensors(const Cohort& cohort);
// ErrorKind::input when the file does not hold a cohort of this schema.
Cohort cohort_from_tensors(const TensorFile& file, const Schema& schema);

// The same for cohorts of the same keys and values in the same order. Of all values: it is as secret as they are.
std::string digest_of(const Cohort& cohort);

}  // namespace understudy
