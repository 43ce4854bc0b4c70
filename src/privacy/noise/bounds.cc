#include "privacy/noise/bounds.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "understudy/error.h"

namespace understudy {
namespace {

void check(PowerBins bins) {
  if (bins.lowest > bins.highest || bins.lowest < -1000 || bins.highest > 1000) {
    fail(ErrorKind::internal, "bins from 2^{} to 2^{}; exponents must rise and lie within -1000 and 1000", bins.lowest,
         bins.highest);
  }
}

// Signed number of the bin: 0 in the middle.
int bin_of(double value, PowerBins bins) {
  const double size = std::abs(value);
  if (!(size >= std::ldexp(1.0, bins.lowest))) return 0;
  const int above = std::isinf(size) ? bins.highest : std::min(std::ilogb(size), bins.highest - 1) + 1;
  const int number = std::min(above, bins.highest) - bins.lowest;
  return value < 0 ? -number : number;
}

double upper_edge(int bin, PowerBins bins) {
  return bin >= 0 ? std::ldexp(1.0, bins.lowest + bin) : -std::ldexp(1.0, bins.lowest - bin - 1);
}

double lower_edge(int bin, PowerBins bins) { return -upper_edge(-bin, bins); }

}  // namespace

// P(X >= t) = exp(-t / scale) / (1 + exp(-1 / scale)) for t >= 1.
std::int64_t bounds_threshold(PowerBins bins, Ratio scale, double false_alarm) {
  check(bins);
  if (!(false_alarm > 0 && false_alarm < 1)) {
    fail(ErrorKind::internal, "the false-alarm probability of bounds is {}; it must lie in (0, 1)", false_alarm);
  }
  const double one = -std::expm1(std::log1p(-false_alarm) / static_cast<double>(bins.size()));
  const double s = scale.value();
  const double threshold = std::ceil(-s * std::log(one * (1 + std::exp(-1 / s))));
  if (!(threshold < 0x1p60)) fail(ErrorKind::internal, "noise of scale {:g} leaves no threshold below 2^60", s);
  return std::max(std::int64_t{1}, static_cast<std::int64_t>(threshold));
}

std::optional<Bounds> noisy_bounds(NoiseSource& source, std::span<const double> values, PowerBins bins, Ratio scale,
                                   std::int64_t threshold) {
  check(bins);
  const int reach = bins.highest - bins.lowest;
  std::vector<std::int64_t> counts(bins.size());
  discrete_laplace(source, scale, counts);
  for (const double value : values) {
    if (!std::isnan(value)) ++counts[static_cast<std::size_t>(bin_of(value, bins) + reach)];
  }
  const auto passes = [&](std::int64_t count) { return count >= threshold; };
  const auto first = std::find_if(counts.begin(), counts.end(), passes);
  if (first == counts.end()) return std::nullopt;
  const auto last = std::find_if(counts.rbegin(), counts.rend(), passes);
  return Bounds{.low = lower_edge(static_cast<int>(first - counts.begin()) - reach, bins),
                .high = upper_edge(static_cast<int>(counts.rend() - last) - 1 - reach, bins)};
}

}  // namespace understudy
