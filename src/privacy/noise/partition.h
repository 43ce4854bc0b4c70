// Which keys (categories, codes) of a data set may be named: those whose noisy count reaches a threshold (Korolova,
// Kenthapadi, Mishra and Ntoulas 2009; here with discrete Gaussian noise).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "privacy/noise/discrete.h"

namespace understudy {

// A subject adds at most `key_units` to each of at most `keys` keys; the caller sees to it.
struct Contribution {
  std::int64_t keys = 1;
  std::int64_t key_units = 1;
};

struct PartitionThreshold {
  std::int64_t threshold = 0;
  double delta = 1;             // to be charged: PrivacyEvent::delta
};

// P(X >= at) for discrete Gaussian noise, never too small; to 1e-3 relative for at >= 1 + sigma, 1 for at <= 0.
double gaussian_tail_above(Ratio variance, std::int64_t at);

// The lowest threshold for which a subject whose keys nobody else has is named with probability at most `delta`, in
// (0, 1): 1 - (1 - P(key_units + X >= threshold))^keys. The delta that it returns is an upper bound of this
// probability, and at most the one asked for.
PartitionThreshold partition_threshold(Ratio variance, Contribution contribution, double delta);

struct KeyCount {
  std::string key;
  std::int64_t count = 0;       // in units
};

// The keys whose count plus noise is `threshold` or more, with these noisy counts, in the order of their bytes. Each
// key comes once, with a count from 1 to 2^62. Charged as discrete_gaussian with sensitivity key_units sqrt(keys),
// noise sqrt(variance) and the threshold's delta. A key that nobody has gets no draw and is never named: data sets in
// which somebody has it differ in this by at most delta, which is charged (docs/privacy/selection.md).
std::vector<KeyCount> select_keys(NoiseSource& source, std::vector<KeyCount> counts, Ratio variance,
                                  std::int64_t threshold);

// The best that can be done for one key at (epsilon, delta) (Desfontaines, Voss and Gipson 2020, k-TSGD): discrete
// Laplace noise of scale 1 / epsilon, conditioned on [-reach, reach]; a key is named when its noisy count exceeds
// `reach`, so a count of 1 with probability `delta` and a count of 0 never.
struct TruncatedNoise {
  Ratio scale;
  std::int64_t reach = 0;
  double delta = 1;             // P(X = reach), to be charged: an upper bound, and at most the one asked for
};
TruncatedNoise truncated_noise(Ratio scale, double delta);

// For counts of subjects (a subject adds 1 to each of at most `keys` keys). Charged as pure with epsilon 1 / scale, the
// noise's delta and count = keys.
std::vector<KeyCount> select_keys(NoiseSource& source, std::vector<KeyCount> counts, const TruncatedNoise& noise);

}  // namespace understudy
