#include "cohort/clinical/measured.h"

#include <algorithm>
#include <bit>
#include <numeric>

#include "understudy/context.h"
#include "understudy/error.h"

namespace understudy {
namespace {

constexpr std::size_t kBuckets = 256;
constexpr std::size_t kRepeatsKept = 5;

std::uint64_t mask(int bits) { return bits < 64 ? (std::uint64_t{1} << bits) - 1 : ~std::uint64_t{0}; }

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

Measured::Value Measured::value_of(const Entry& entry) const {
  std::uint64_t key = entry.key;
  const auto take = [&](int bits) {
    const std::uint64_t low = key & mask(bits);
    key = bits < 64 ? key >> bits : 0;
    return static_cast<std::int64_t>(low);
  };
  Value value{.person = 0, .minute = 0, .column = 0, .item = take(item_bits_), .value = entry.value};
  value.minute = take(minute_bits_) + ranges_.first_minute;
  value.column = take(column_bits_);
  value.minute += take(step_bits_) * ranges_.step;
  value.person = static_cast<std::int64_t>(key);
  return value;
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

// Drops what stands there twice, in place.
Measured::Repeats Measured::sort_bucket(std::vector<Entry>& bucket) const {
  std::sort(bucket.begin(), bucket.end(), [](const Entry& a, const Entry& b) {
    return a.key != b.key ? a.key < b.key : a.value < b.value;
  });
  Repeats repeats;
  std::size_t kept = 0;
  for (const Entry& entry : bucket) {
    const bool again = kept > 0 && bucket[kept - 1].key == entry.key && bucket[kept - 1].value == entry.value;
    if (!again) {
      bucket[kept++] = entry;
    } else {
      ++repeats.count;
      if (repeats.first.size() < kRepeatsKept) repeats.first.push_back(value_of(entry));
    }
  }
  bucket.resize(kept);
  return repeats;
}

Measured::Repeats Measured::sort(int threads) {
  std::vector<Repeats> found(kBuckets);
  parallel_for(static_cast<std::int64_t>(kBuckets), threads, [&](std::int64_t index) {
    found[static_cast<std::size_t>(index)] = sort_bucket(buckets_[static_cast<std::size_t>(index)]);
  });
  Repeats all;
  for (const Repeats& repeats : found) {
    all.count += repeats.count;
    const std::size_t room = std::min(kRepeatsKept - all.first.size(), repeats.first.size());
    all.first.insert(all.first.end(), repeats.first.begin(), repeats.first.begin() + static_cast<std::ptrdiff_t>(room));
  }
  return all;
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
