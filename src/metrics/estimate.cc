#include "metrics/estimate.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace understudy {
namespace {

constexpr double kNormal = 1.959963984540054;  // 97.5 % quantile of the standard normal

std::vector<double> present(std::span<const double> values) {
  std::vector<double> result;
  std::copy_if(values.begin(), values.end(), std::back_inserter(result), [](double v) { return !std::isnan(v); });
  return result;
}

double variance(std::span<const double> values) {
  const double mean = mean_of(values);
  double sum = 0;
  for (const double v : values) sum += (v - mean) * (v - mean);
  return sum / static_cast<double>(values.size() - 1);
}

// Number of independent rows that would give a share as uncertain as these subjects do.
double effective_rows(double share, std::span<const double> hits, std::span<const double> rows, double total) {
  double squares = 0;
  double subjects = 0;
  for (std::size_t s = 0; s < rows.size(); ++s) {
    const double residual = hits[s] - share * rows[s];
    squares += residual * residual;
    subjects += rows[s] > 0;
  }
  if (subjects < 2) return 0;
  if (squares == 0) return subjects;
  const double spread = squares * subjects / (subjects - 1) / (total * total);
  return std::min(total, share * (1 - share) / spread);
}

}  // namespace

double mean_of(std::span<const double> values) {
  const auto kept = present(values);
  if (kept.empty()) return kNotMeasured;
  double sum = 0;
  for (const double v : kept) sum += v;
  return sum / static_cast<double>(kept.size());
}

double largest_of(std::span<const double> values) {
  const auto kept = present(values);
  return kept.empty() ? kNotMeasured : *std::max_element(kept.begin(), kept.end());
}

Estimate with_interval(double value, std::span<const double> replicates, double minimum, double maximum) {
  constexpr std::size_t kFewest = 10;
  Estimate result;
  result.value = value;
  const auto kept = present(replicates);
  if (kept.size() < kFewest || std::isnan(value)) return result;
  const double half = kNormal * std::sqrt(variance(kept));
  result.low = std::max(minimum, value - half);
  result.high = std::min(maximum, value + half);
  return result;
}

Estimate mean_estimate(std::span<const double> values, double minimum, double maximum) {
  const auto kept = present(values);
  Estimate result;
  result.value = mean_of(kept);
  if (kept.size() < 2) return result;
  const double half = kNormal * std::sqrt(variance(kept) / static_cast<double>(kept.size()));
  result.low = std::max(minimum, result.value - half);
  result.high = std::min(maximum, result.value + half);
  return result;
}

Estimate share_estimate(std::span<const std::uint8_t> hits, std::span<const std::int32_t> owners,
                        std::int64_t subjects) {
  Estimate result;
  if (hits.empty()) return result;
  std::vector<double> subject_hits(static_cast<std::size_t>(subjects));
  std::vector<double> subject_rows(static_cast<std::size_t>(subjects));
  double total_hits = 0;
  for (std::size_t i = 0; i < hits.size(); ++i) {
    const auto owner = static_cast<std::size_t>(owners[i]);
    subject_hits[owner] += hits[i];
    subject_rows[owner] += 1;
    total_hits += hits[i];
  }
  const auto total = static_cast<double>(hits.size());
  const double share = result.value = total_hits / total;
  const double n = effective_rows(share, subject_hits, subject_rows, total);
  if (n <= 0) return result;
  const double z2 = kNormal * kNormal;
  const double centre = (share + z2 / (2 * n)) / (1 + z2 / n);
  const double half = kNormal * std::sqrt(share * (1 - share) / n + z2 / (4 * n * n)) / (1 + z2 / n);
  result.low = std::clamp(centre - half, 0.0, share);
  result.high = std::clamp(centre + half, share, 1.0);
  return result;
}

Estimate complement(const Estimate& e) { return {1 - e.value, 1 - e.high, 1 - e.low, 1 - e.reference}; }

Finding make_finding(std::string name, std::vector<std::string> columns, const Estimate& estimate, Better better,
                     const std::string& meaning, const std::string& absence) {
  Finding finding;
  finding.name = std::move(name);
  finding.columns = std::move(columns);
  finding.value = estimate.value;
  finding.low = estimate.low;
  finding.high = estimate.high;
  finding.reference = estimate.reference;
  finding.better = better;
  finding.meaning = std::isnan(estimate.value) ? "Not measured: " + absence + "." : meaning;
  return finding;
}

}  // namespace understudy
