// Batches of sequences as tensors: rows under each other, and where the rows of some sequences are when they are padded
// to one length.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <span>
#include <vector>

#include "understudy/learner.h"

namespace understudy::nn {

using Chosen = std::span<const std::int64_t>;  // sequences of a batch

void check_batch(const SequenceBatch& batch);  // ErrorKind::internal unless its sizes fit together

// [rows + 1, columns]: the values (row-major), and a last row of `padding`, which stands for rows after a sequence's end.
at::Tensor padded_values(std::span<const float> values, std::int64_t columns, float padding);

at::Tensor index_tensor(std::span<const std::int64_t> values);

struct PaddedRows {
  std::int64_t sequences = 0;
  at::Tensor rows;  // [sequences x rows of the longest], rows of the batch; its number of rows where a sequence has ended
  at::Tensor last;  // [sequences], where in `rows` each one's last row is
};
PaddedRows padded_rows(const SequenceBatch& batch, Chosen chosen);

}  // namespace understudy::nn
