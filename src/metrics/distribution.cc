#include "metrics/distribution.h"

#include <algorithm>
#include <cmath>

#include "metrics/estimate.h"

namespace understudy {

void Distribution::add(double value, std::size_t person, std::int64_t count) {
  if (std::isnan(value)) return;
  entries_.push_back({value, static_cast<std::uint32_t>(person), static_cast<std::uint32_t>(count)});
}

void Distribution::add_all(std::vector<double>& values, std::size_t person) {
  std::sort(values.begin(), values.end());
  for (std::size_t begin = 0; begin < values.size();) {
    std::size_t end = begin + 1;
    while (end < values.size() && values[end] == values[begin]) ++end;
    add(values[begin], person, static_cast<std::int64_t>(end - begin));
    begin = end;
  }
}

void Distribution::sort() {
  std::sort(entries_.begin(), entries_.end(), [](const Entry& a, const Entry& b) { return a.value < b.value; });
}

std::int64_t Distribution::total(Weights weights) const {
  std::int64_t sum = 0;
  for (const Entry& entry : entries_) sum += std::int64_t{weights[entry.person]} * entry.count;
  return sum;
}

double ks_distance(const Distribution& first, Weights first_weights, const Distribution& second,
                   Weights second_weights) {
  if (first.empty() != second.empty()) return 1;
  const auto first_total = static_cast<double>(first.total(first_weights));
  const auto second_total = static_cast<double>(second.total(second_weights));
  if (first_total == 0 || second_total == 0) return kNotMeasured;
  std::int64_t first_below = 0;
  std::int64_t second_below = 0;
  double largest = 0;
  auto a = first.entries_.begin();
  auto b = second.entries_.begin();
  while (a != first.entries_.end() && b != second.entries_.end()) {
    const double value = std::min(a->value, b->value);
    for (; a != first.entries_.end() && a->value == value; ++a) {
      first_below += std::int64_t{first_weights[a->person]} * a->count;
    }
    for (; b != second.entries_.end() && b->value == value; ++b) {
      second_below += std::int64_t{second_weights[b->person]} * b->count;
    }
    const double gap =
        static_cast<double>(first_below) / first_total - static_cast<double>(second_below) / second_total;
    largest = std::max(largest, std::abs(gap));
  }
  return largest;  // beyond the end of one side the gap only closes
}

}  // namespace understudy
