// What a HALO network learns from: each subject as its labels and its rows, in categories.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <span>
#include <vector>

#include "generators/halo/network.h"
#include "generators/halo/visit_code.h"
#include "nn/private_gradient.h"

namespace understudy {

// `labels` and `visits` must outlive it.
struct HaloRecords {
  const VisitCode* labels = nullptr;
  const VisitCode* visits = nullptr;
  std::vector<std::int64_t> offsets;              // subject s owns rows [offsets[s], offsets[s + 1]); rows beyond the context are left out
  std::vector<std::int32_t> statics, series;      // [subjects x groups of the labels], [rows x groups of the visits]
};

// Subjects as a network of that shape takes them, padded to the longest: the start, which is nothing, the labels, the rows. -1 is
// nobody. visits [subjects, visits, codes], asked [subjects, visits - 1, codes].
struct HaloBatch {
  at::Tensor visits, asked;
};
HaloBatch batch_of(const HaloRecords& records, const HaloShape& shape, std::span<const std::int64_t> subjects);

// The subjects' nats, summed. Nothing ties subjects together. The network must outlive it.
nn::DataLoss<HaloRecords> halo_loss(const HaloNetwork& network);

}  // namespace understudy
