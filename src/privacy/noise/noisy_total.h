// Gaussian noise on a sum that several processes add up.
//
// Each number gets its noise once, at the full deviation, from the one rank that owns its block: before the ranks' sums
// meet, so the total without noise is never anywhere, and each rank makes its share of the noise alone.
//
// Claim: at every rank, in real arithmetic, the result is the sum over the ranks plus independent normals of mean 0 and
// the given deviation. Assumption, beside those of gaussian_stream.h: a rank is inside; what it sends the others is what
// its subjects add, without noise where it owns no block. Sums travel as floats: each is rounded once more.
// Tries to break it: noisy_total_test.cc, tests/ranks (two processes: law of every number; as one process's).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "privacy/noise/source.h"
#include "understudy/ranks.h"

namespace understudy {

// The numbers whose noise a rank makes; in whole blocks of GaussianStream::kBlock but for the last, and every number is in
// one stretch. Empty where there are fewer blocks than ranks.
struct Stretch {
  std::size_t first = 0;
  std::size_t count = 0;
};
Stretch own_stretch(std::size_t size, int rank, int ranks);

// sum <- the sum over the ranks + noise; the same bytes at every rank. `ranks` none: sum + noise. With a seeded source,
// the same at all ranks, the noise is that of one process. All ranks call it; errors as GaussianStream::add and
// Ranks::add_up.
void noisy_total(NoiseSource& source, std::span<double> sum, double deviation, Ranks* ranks, int threads = 1);

// Those of the subjects that are this rank's, in their order; all of them without ranks. For Poisson inclusion every rank
// draws the coins of all subjects, and keeps its own: with a seeded source they are those of one process.
std::vector<std::int64_t> own_subjects(std::vector<std::int64_t> subjects, const Ranks* ranks);

}  // namespace understudy
