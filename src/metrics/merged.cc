#include "metrics/merged.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "metrics/estimate.h"

namespace understudy {
namespace {

using Entry = std::pair<double, std::uint32_t>;

std::int64_t append(const Sample& sample, std::uint32_t base, std::vector<Entry>& entries) {
  const std::size_t before = entries.size();
  for (std::size_t i = 0; i < sample.values.size(); ++i) {
    if (std::isnan(sample.values[i])) continue;
    entries.emplace_back(sample.values[i], base + static_cast<std::uint32_t>(sample.owners[i]));
  }
  return static_cast<std::int64_t>(entries.size() - before);
}

}  // namespace

MergedSamples::MergedSamples(const Sample& first, const Sample& second) {
  std::vector<Entry> entries;
  entries.reserve(first.values.size() + second.values.size());
  first_size_ = append(first, 0, entries);
  second_size_ = append(second, static_cast<std::uint32_t>(first.subjects), entries);
  std::sort(entries.begin(), entries.end());
  owner_.resize(entries.size());
  step_.resize(entries.size());
  for (std::size_t i = 0; i < entries.size(); ++i) {
    owner_[i] = entries[i].second;
    step_[i] = i + 1 < entries.size() ? entries[i + 1].first - entries[i].first : 0;
  }
}

// Calls visit(i, difference of the distribution functions after value i). Both counts run in one 64-bit number, the
// first sample's in the upper half, so that each value costs one look-up and one addition.
template <class Visit>
bool MergedSamples::sweep(Weights first, Weights second, const Visit& visit) const {
  std::vector<std::uint64_t> packed(first.size() + second.size());
  std::transform(first.begin(), first.end(), packed.begin(), [](std::uint8_t w) { return std::uint64_t{w} << 32; });
  std::copy(second.begin(), second.end(), packed.begin() + static_cast<std::ptrdiff_t>(first.size()));
  constexpr std::uint64_t kLower = 0xffffffff;
  std::uint64_t total = 0;
  for (const std::uint32_t owner : owner_) total += packed[owner];
  if ((total >> 32) == 0 || (total & kLower) == 0) return false;
  const double first_total = static_cast<double>(total >> 32);
  const double second_total = static_cast<double>(total & kLower);
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < owner_.size(); ++i) {
    sum += packed[owner_[i]];
    visit(i, static_cast<double>(static_cast<std::int64_t>(sum >> 32)) / first_total -
                 static_cast<double>(static_cast<std::int64_t>(sum & kLower)) / second_total);
  }
  return true;
}

double MergedSamples::largest_gap(Weights first, Weights second) const {
  double largest = 0;
  const bool defined = sweep(first, second, [&](std::size_t i, double difference) {
    largest = std::max(largest, step_[i] > 0 ? std::abs(difference) : 0.0);
  });
  return defined ? largest : kNotMeasured;
}

double MergedSamples::area(Weights first, Weights second) const {
  double sum = 0;
  const bool defined =
      sweep(first, second, [&](std::size_t i, double difference) { sum += std::abs(difference) * step_[i]; });
  return defined ? sum : kNotMeasured;
}

}  // namespace understudy
