#include "privacy/noise/noisy_total.h"

#include <algorithm>

#include "privacy/noise/gaussian_stream.h"

namespace understudy {
namespace {

// Noise on the own stretch; the noise of the others' is passed over, so that sources of one seed stay in step.
void add_own_noise(NoiseSource& source, std::span<double> sum, double deviation, const Stretch& own, int threads) {
  GaussianStream stream(source, threads);
  stream.skip(own.first);
  stream.add(sum.subspan(own.first, own.count), deviation);
  stream.skip(sum.size() - own.first - own.count);
}

void add_up(std::span<double> sum, Ranks& ranks) {
  std::vector<float> values(sum.size());
  std::transform(sum.begin(), sum.end(), values.begin(), [](double value) { return static_cast<float>(value); });
  ranks.add_up(values);
  std::copy(values.begin(), values.end(), sum.begin());
}

}  // namespace

Stretch own_stretch(std::size_t size, int rank, int ranks) {
  constexpr std::size_t kBlock = GaussianStream::kBlock;
  const std::size_t blocks = (size + kBlock - 1) / kBlock;
  const auto cut = [&](int at) {
    return std::min(size, kBlock * (blocks * static_cast<std::size_t>(at) / static_cast<std::size_t>(ranks)));
  };
  return {.first = cut(rank), .count = cut(rank + 1) - cut(rank)};
}

void noisy_total(NoiseSource& source, std::span<double> sum, double deviation, Ranks* ranks, int threads) {
  if (ranks == nullptr) return GaussianStream(source, threads).add(sum, deviation);
  add_own_noise(source, sum, deviation, own_stretch(sum.size(), ranks->rank(), ranks->size()), threads);
  add_up(sum, *ranks);
}

std::vector<std::int64_t> own_subjects(std::vector<std::int64_t> subjects, const Ranks* ranks) {
  if (ranks == nullptr) return subjects;
  std::erase_if(subjects, [&](std::int64_t subject) { return rank_of(subject, ranks->size()) != ranks->rank(); });
  return subjects;
}

}  // namespace understudy
