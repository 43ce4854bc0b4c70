#include "cohort/clinical/measured.h"

#include <algorithm>
#include <bit>
#include <numeric>

#include "understudy/context.h"
#include "understudy/error.h"

namespace understudy {
namespace {

constexpr std::size_t kBuckets = 256;

int bits_for(std::int64_t count) { return std::bit_width(static_cast<std::uint64_t>(std::max<std::int64_t>(count - 1, 0))); }

double median(std::span<const double> values) {
  std::vector<double> sorted(values.begin(), values.end());
  const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2);
  std::nth_element(sorted.begin(), middle, sorted.end());
  if (sorted.size() % 2 == 1) return *middle;
  return (*std::max_element(sorted.begin(), middle) + *middle) / 2;
}

}  // namespace

double aggregated(Aggregate aggregate, std::span<const double> values) {
  if (values.size() == 1) return values.front();
  switch (aggregate) {
    case Aggregate::median:
      return median(values);
    case Aggregate::mean:
      return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
    case Aggregate::min:
      return *std::min_element(values.begin(), values.end());
    case Aggregate::max:
      return *std::max_element(values.begin(), values.end());
    case Aggregate::first:
      return values.front();
    case Aggregate::last:
      return values.back();
    case Aggregate::sum:
      return std::accumulate(values.begin(), values.end(), 0.0);
  }
  fail(ErrorKind::internal, "an aggregate without a rule");
}

Measured::Measured(const Ranges& ranges) : ranges_(ranges), buckets_(kBuckets) {
  const std::int64_t steps = (ranges.last_minute - ranges.first_minute) / ranges.step + 1;
  step_bits_ = bits_for(steps);
  column_bits_ = bits_for(ranges.columns);
  minute_bits_ = bits_for(ranges.step);
  item_bits_ = bits_for(ranges.items);
  const int bits = bits_for(ranges.people) + step_bits_ + column_bits_ + minute_bits_ + item_bits_;
  if (bits > 64) {
    fail(ErrorKind::usage, "{} people with {} steps of time and {} variables need {} bits, 64 are possible; narrow the "
         "window of the time (time_minimum, time_maximum) or lengthen its step", ranges.people, steps, ranges.columns, bits);
  }
}

std::uint64_t Measured::key_of(const Value& value) const {
  const std::int64_t since = value.minute - ranges_.first_minute;
  auto key = static_cast<std::uint64_t>(value.person);
  key = (key << step_bits_) | static_cast<std::uint64_t>(since / ranges_.step);
  key = (key << column_bits_) | static_cast<std::uint64_t>(value.column);
  key = (key << minute_bits_) | static_cast<std::uint64_t>(since % ranges_.step);
  return (key << item_bits_) | static_cast<std::uint64_t>(value.item);
}

void Measured::add(const Value& value) {
  const auto bucket = static_cast<std::size_t>(value.person) * kBuckets / static_cast<std::size_t>(ranges_.people);
  buckets_[bucket].push_back({key_of(value), value.value});
}

std::int64_t Measured::size() const {
  std::int64_t size = 0;
  for (const auto& bucket : buckets_) size += static_cast<std::int64_t>(bucket.size());
  return size;
}

std::int64_t Measured::sort(int threads) {
  std::vector<std::int64_t> repeated(kBuckets, 0);
  parallel_for(static_cast<std::int64_t>(kBuckets), threads, [&](std::int64_t index) {
    auto& bucket = buckets_[static_cast<std::size_t>(index)];
    std::sort(bucket.begin(), bucket.end(), [](const Entry& a, const Entry& b) {
      return a.key != b.key ? a.key < b.key : a.value < b.value;
    });
    const auto same = [](const Entry& a, const Entry& b) { return a.key == b.key && a.value == b.value; };
    const auto end = std::unique(bucket.begin(), bucket.end(), same);
    repeated[static_cast<std::size_t>(index)] = bucket.end() - end;
    bucket.erase(end, bucket.end());
  });
  return std::accumulate(repeated.begin(), repeated.end(), std::int64_t{0});
}

std::int64_t Measured::rows() const {
  const int below = column_bits_ + minute_bits_ + item_bits_;
  std::int64_t rows = 0;
  for (const auto& bucket : buckets_) {
    for (std::size_t i = 0; i < bucket.size(); ++i) {
      rows += i == 0 || bucket[i].key >> below != bucket[i - 1].key >> below;
    }
  }
  return rows;
}

void Measured::take(const std::function<void(const Cell&)>& visit) {
  for (auto& bucket : buckets_) {
    take_bucket(bucket, visit);
    std::vector<Entry>().swap(bucket);
  }
}

void Measured::take_bucket(const std::vector<Entry>& bucket, const std::function<void(const Cell&)>& visit) const {
  const int low = minute_bits_ + item_bits_;
  const auto mask = [](int bits) { return (std::uint64_t{1} << bits) - 1; };
  const std::int64_t first_step = ranges_.first_minute / ranges_.step;
  std::vector<double> values;
  for (auto at = bucket.begin(); at != bucket.end();) {
    const std::uint64_t cell = at->key >> low;
    values.clear();
    for (; at != bucket.end() && at->key >> low == cell; ++at) values.push_back(at->value);
    visit({.person = static_cast<std::int64_t>(cell >> (column_bits_ + step_bits_)),
           .step = static_cast<std::int64_t>((cell >> column_bits_) & mask(step_bits_)) + first_step,
           .column = static_cast<std::int64_t>(cell & mask(column_bits_)),
           .values = values});
  }
}

}  // namespace understudy
