// The part of a private step that processes share, for timings: the clipped gradients of the own subjects, the own part of
// the noise, and the sum over the ranks.
#pragma once

#include <chrono>
#include <span>
#include <vector>

#include "nn/clipped_sum.h"
#include "privacy/noise/noisy_total.h"

namespace understudy {

// Seconds on the clock. All ranks call it with the same subjects; `ranks` none: one process. `sum` gets the noisy sum.
inline double sum_over_ranks(nn::ShardPool& pool, const at::Tensor& flat, const std::vector<std::int64_t>& subjects,
                             const nn::Clipping& clipping, const nn::SubjectLoss& loss, NoiseSource& noise,
                             double deviation, Ranks* ranks, std::vector<double>& sum) {
  const auto start = std::chrono::steady_clock::now();
  sum.assign(static_cast<std::size_t>(flat.numel()), 0);
  nn::add_clipped(pool, flat, own_subjects(subjects, ranks), clipping, loss, sum);
  noisy_total(noise, sum, deviation, ranks);
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace understudy
