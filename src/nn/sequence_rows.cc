#include "nn/sequence_rows.h"

#include <ATen/ATen.h>

#include <algorithm>

#include "understudy/error.h"

namespace understudy::nn {

void check_batch(const SequenceBatch& batch) {
  bool fits = batch.features > 0 && batch.size() > 0 &&
              static_cast<std::int64_t>(batch.values.size()) == batch.rows() * batch.features;
  for (std::size_t s = 1; s < batch.offsets.size(); ++s) fits = fits && batch.offsets[s] > batch.offsets[s - 1];
  if (fits) return;
  fail(ErrorKind::internal, "a batch of {} sequences, {} rows and {} features has {} values; each sequence needs a row",
       batch.size(), batch.rows(), batch.features, batch.values.size());
}

at::Tensor padded_values(std::span<const float> values, std::int64_t columns, float padding) {
  const auto rows = static_cast<std::int64_t>(values.size()) / columns;
  at::Tensor result = at::full({rows + 1, columns}, padding, at::kFloat);
  std::copy(values.begin(), values.end(), result.data_ptr<float>());
  return result;
}

at::Tensor index_tensor(std::span<const std::int64_t> values) {
  at::Tensor result = at::empty({static_cast<std::int64_t>(values.size())}, at::kLong);
  std::copy(values.begin(), values.end(), result.data_ptr<std::int64_t>());
  return result;
}

PaddedRows padded_rows(const SequenceBatch& batch, Chosen chosen) {
  const auto start = [&](std::int64_t s) { return batch.offsets[static_cast<std::size_t>(s)]; };
  std::int64_t longest = 0;
  for (const std::int64_t s : chosen) longest = std::max(longest, start(s + 1) - start(s));
  const auto count = static_cast<std::int64_t>(chosen.size());
  std::vector<std::int64_t> rows(static_cast<std::size_t>(longest * count), batch.rows());
  std::vector<std::int64_t> last;
  for (std::int64_t i = 0; i < count; ++i) {
    const std::int64_t s = chosen[static_cast<std::size_t>(i)];
    const std::int64_t length = start(s + 1) - start(s);
    for (std::int64_t row = 0; row < length; ++row) rows[static_cast<std::size_t>(i * longest + row)] = start(s) + row;
    last.push_back(i * longest + length - 1);
  }
  return {count, index_tensor(rows), index_tensor(last)};
}

}  // namespace understudy::nn
