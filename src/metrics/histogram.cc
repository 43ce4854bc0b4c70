#include "metrics/histogram.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace understudy {
namespace {

std::vector<double> evenly(double low, double step, std::size_t parts) {
  std::vector<double> edges;
  for (std::size_t i = 0; i <= parts; ++i) edges.push_back(low + step * static_cast<double>(i));
  return edges;
}

// Shares of counts; empty when there are none.
std::vector<double> shares_of(std::vector<double> counts) {
  const double total = std::accumulate(counts.begin(), counts.end(), 0.0);
  if (total == 0) return {};
  for (double& count : counts) count /= total;
  return counts;
}

std::size_t part_of(double value, const Labels& labels) {
  const bool declared = value >= 0 && value < static_cast<double>(labels.part_of.size());
  return declared ? labels.part_of[static_cast<std::size_t>(value)] : labels.names.size() - 1;
}

bool undeclared(double value, std::size_t categories) { return value < 0 || value >= static_cast<double>(categories); }

}  // namespace

std::vector<double> histogram_edges(std::vector<double> values, bool integers, std::size_t most) {
  std::erase_if(values, [](double v) { return std::isnan(v); });
  if (values.empty()) return {};
  const double last = static_cast<double>(values.size() - 1);
  const auto ranked = [&](double rank) {
    const auto at = static_cast<std::ptrdiff_t>(rank);
    std::nth_element(values.begin(), values.begin() + at, values.end());
    return values[static_cast<std::size_t>(at)];
  };
  const double low = ranked(std::floor(0.005 * last));
  const double high = ranked(std::ceil(0.995 * last));
  if (integers) {
    const double step = std::ceil((high - low + 1) / static_cast<double>(most));
    return evenly(low - 0.5, step, static_cast<std::size_t>(std::ceil((high - low + 1) / step)));
  }
  const double width = (high - low) / static_cast<double>(most);
  if (low + width > low) return evenly(low, width, most);
  const double half = std::max(0.5, std::abs(low) * 1e-9);
  return {low - half, low + half};
}

std::vector<double> histogram_shares(std::span<const double> values, std::span<const double> edges) {
  if (edges.size() < 2) return {};
  std::vector<double> counts(edges.size() - 1);
  for (const double v : values) {
    if (std::isnan(v)) continue;
    const auto above = std::upper_bound(edges.begin() + 1, edges.end() - 1, v) - (edges.begin() + 1);
    counts[static_cast<std::size_t>(above)] += 1;
  }
  return shares_of(std::move(counts));
}

Labels choose_labels(const ColumnSpec& spec, std::span<const double> real, std::span<const double> synthetic,
                     std::size_t most) {
  const std::size_t categories = spec.categories.size();
  std::vector<double> counts(categories);
  Labels labels;
  for (const auto values : {real, synthetic}) {
    for (const double v : values) labels.has_rest |= undeclared(v, categories);
  }
  for (const double v : real) {
    if (!std::isnan(v) && !undeclared(v, categories)) counts[static_cast<std::size_t>(v)] += 1;
  }
  std::vector<std::size_t> order(categories);
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return counts[a] > counts[b]; });
  std::vector<bool> named(categories);
  for (std::size_t i = 0; i < std::min(most, categories); ++i) named[order[i]] = true;
  const std::size_t rest = std::min(most, categories);
  labels.has_rest |= categories > most;
  for (std::size_t c = 0; c < categories; ++c) {
    labels.part_of.push_back(named[c] ? labels.names.size() : rest);
    if (named[c]) labels.names.push_back(spec.categories[c]);
  }
  if (labels.has_rest) labels.names.push_back("(all others)");
  return labels;
}

std::vector<double> label_shares(std::span<const double> values, const Labels& labels) {
  std::vector<double> counts(labels.names.size());
  for (const double v : values) {
    if (!std::isnan(v)) counts[part_of(v, labels)] += 1;
  }
  return shares_of(std::move(counts));
}

}  // namespace understudy
