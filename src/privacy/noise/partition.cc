#include "privacy/noise/partition.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <utility>

#include "understudy/error.h"

namespace understudy {
namespace {

constexpr double kMargin = 1 + 1e-9;                  // above what rounding can have lost
constexpr std::int64_t kLargest = std::int64_t{1} << 62;
constexpr double kSumUpTo = 100;                      // standard deviations up to which tails are summed term by term

double upper_normal(double z) { return std::erfc(z / std::numbers::sqrt2) / 2; }

// sum of exp(-x^2 / (2 v)) over x >= at, by its terms: they fall faster and faster.
double summed_tail(double v, double at) {
  double sum = 0;
  for (double x = at, term = 1; term > 1e-20 * sum; ++x) {
    term = std::exp((at - x) * (at + x) / (2 * v));
    sum += term;
  }
  return sum * std::exp(-at * at / (2 * v));
}

void sort_and_check(std::vector<KeyCount>& counts) {
  std::sort(counts.begin(), counts.end(), [](const KeyCount& a, const KeyCount& b) { return a.key < b.key; });
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const auto& [key, count] = counts[i];
    if (count < 1 || count > kLargest) {
      fail(ErrorKind::internal, "key '{}' has the count {}; it must lie from 1 to 2^62", key, count);
    }
    if (i > 0 && key == counts[i - 1].key) fail(ErrorKind::internal, "key '{}' comes twice; add its counts up", key);
  }
}

std::vector<KeyCount> keep(std::vector<KeyCount> counts, std::span<const std::int64_t> noise, std::int64_t threshold) {
  for (std::size_t i = 0; i < counts.size(); ++i) counts[i].count += noise[i];
  std::erase_if(counts, [&](const KeyCount& noisy) { return noisy.count < threshold; });
  return counts;
}

// Of any k keys with independent noise, at least one passes.
double any_passes(double one_passes, std::int64_t keys) {
  if (one_passes >= 1) return 1;
  return std::min(1.0, -std::expm1(static_cast<double>(keys) * std::log1p(-one_passes)) * kMargin);
}

}  // namespace

// The law's normaliser is at least sqrt(2 pi v) (Poisson summation) and at least its three middle terms. For large v,
// sums are below integrals: exp(-x^2 / (2 v)) is below its mean over [x - 1/2, x + 1/2] where it is convex, from sigma
// on, and below its mean over [x - 1, x] where it falls.
double gaussian_tail_above(Ratio variance, std::int64_t at) {
  if (at <= 0) return 1;
  const double v = variance.value(), sigma = std::sqrt(v), x = static_cast<double>(at);
  double tail = 1;
  if (sigma <= kSumUpTo) {
    const double normaliser = std::max(std::sqrt(2 * std::numbers::pi) * sigma, 1 + 2 * std::exp(-1 / (2 * v)));
    tail = summed_tail(v, x) / normaliser;
  } else {
    tail = upper_normal((x - (x - 0.5 >= sigma * kMargin ? 0.5 : 1)) / sigma);
  }
  return std::clamp(tail * kMargin, std::numeric_limits<double>::min(), 1.0);
}

PartitionThreshold partition_threshold(Ratio variance, Contribution contribution, double delta) {
  const auto [keys, units] = contribution;
  if (keys < 1 || units < 1 || units > kLargest / 2) {
    fail(ErrorKind::internal, "a subject adds {} units to each of {} keys; both must be 1 or more", units, keys);
  }
  if (!(delta > 0 && delta < 1)) fail(ErrorKind::internal, "delta of a threshold is {}; it must lie in (0, 1)", delta);
  if (variance.numerator < 1 || !(variance.value() < 0x1p80)) {
    fail(ErrorKind::internal, "the variance of a threshold's noise is {:g}; it must be above 0 and below 2^80",
         variance.value());
  }
  const auto passes = [&](std::int64_t at) { return any_passes(gaussian_tail_above(variance, at), contribution.keys); };
  std::int64_t low = 0, high = 1;                     // passes(low) > delta >= passes(high)
  while (passes(high) > delta && high < kLargest / 2) low = std::exchange(high, 2 * high);
  if (passes(high) > delta) fail(ErrorKind::internal, "delta {} of a threshold is too small to be reached", delta);
  while (high - low > 1) {
    const std::int64_t middle = low + (high - low) / 2;
    (passes(middle) > delta ? low : high) = middle;
  }
  return {.threshold = high + units, .delta = passes(high)};
}

std::vector<KeyCount> select_keys(NoiseSource& source, std::vector<KeyCount> counts, Ratio variance,
                                  std::int64_t threshold) {
  sort_and_check(counts);
  std::vector<std::int64_t> noise(counts.size());
  discrete_gaussian(source, variance, noise);
  return keep(std::move(counts), noise, threshold);
}

// P(X = k) = exp(-k / scale) / sum of exp(-|x| / scale) over [-k, k] falls with k. In double, with its margin.
TruncatedNoise truncated_noise(Ratio scale, double delta) {
  if (!(delta > 0 && delta < 1)) fail(ErrorKind::internal, "delta of the noise is {}; it must lie in (0, 1)", delta);
  if (scale.numerator < 1 || !(scale.value() < 0x1p40)) {
    fail(ErrorKind::internal, "the scale of truncated noise is {:g}; it must be above 0 and below 2^40", scale.value());
  }
  const double step = 1 / scale.value();
  const auto last = [&](std::int64_t k) {
    const auto reach = static_cast<double>(k);
    const double one_side = std::exp(-step) * std::expm1(-reach * step) / std::expm1(-step);
    return std::exp(-reach * step) / (1 + 2 * one_side) * kMargin;
  };
  std::int64_t low = 0, high = 1;                     // last(low) > delta >= last(high); reach 0 would be no noise
  while (last(high) > delta) low = std::exchange(high, 2 * high);
  while (high - low > 1) {
    const std::int64_t middle = low + (high - low) / 2;
    (last(middle) > delta ? low : high) = middle;
  }
  return {.scale = scale, .reach = high, .delta = std::max(last(high), std::numeric_limits<double>::min())};
}

std::vector<KeyCount> select_keys(NoiseSource& source, std::vector<KeyCount> counts, const TruncatedNoise& noise) {
  sort_and_check(counts);
  std::vector<std::int64_t> draws(counts.size());
  discrete_laplace(source, noise.scale, draws);
  for (std::int64_t& x : draws) {
    while (x < -noise.reach || x > noise.reach) x = discrete_laplace(source, noise.scale);
  }
  return keep(std::move(counts), draws, noise.reach + 1);
}

}  // namespace understudy
