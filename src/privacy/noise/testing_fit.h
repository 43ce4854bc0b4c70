// Goodness of fit for tests of samplers. The draws come from the secure source, so a false alarm is a matter of chance:
// each call has a false-alarm probability below 1e-6 (nominal 1e-8; cells hold at least 50 expected draws, where the
// chi-square tail is off by less than a factor of 100).
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/chi_squared.hpp>
#include <cmath>
#include <functional>
#include <numeric>
#include <vector>

namespace understudy {

inline constexpr double kFalseAlarm = 1e-8;

// counts[i] against probabilities[i], which may have any sum. Small cells are pooled with their neighbours.
inline void expect_fit(const std::vector<double>& counts, const std::vector<long double>& probabilities) {
  ASSERT_EQ(counts.size(), probabilities.size());
  const double draws = std::accumulate(counts.begin(), counts.end(), 0.0);
  const long double total = std::accumulate(probabilities.begin(), probabilities.end(), 0.0L);
  double statistic = 0, seen = 0, expected = 0, left = draws;
  int cells = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    seen += counts[i];
    const double part = static_cast<double>(draws * probabilities[i] / total);
    expected += part;
    left -= part;
    if (i + 1 < counts.size() && (expected < 50 || left < 50)) continue;
    if (expected > 0) {
      statistic += (seen - expected) * (seen - expected) / expected;
      ++cells;
    } else {
      EXPECT_EQ(seen, 0) << "an impossible value was drawn";
    }
    seen = expected = 0;
  }
  ASSERT_GE(cells, 2);
  const boost::math::chi_squared_distribution<double> law(cells - 1);
  EXPECT_LE(statistic, boost::math::quantile(boost::math::complement(law, kFalseAlarm))) << "in " << cells << " cells";
}

// Integer draws against a law on [-reach, reach] given up to a factor; the ends take what lies beyond.
inline void expect_law(const std::vector<std::int64_t>& draws, std::int64_t reach,
                       const std::function<long double(std::int64_t)>& mass) {
  std::vector<double> counts(static_cast<std::size_t>(2 * reach + 1));
  std::vector<long double> probabilities;
  for (const std::int64_t x : draws) counts[static_cast<std::size_t>(std::clamp(x, -reach, reach) + reach)] += 1;
  for (std::int64_t x = -reach; x <= reach; ++x) probabilities.push_back(mass(x));
  expect_fit(counts, probabilities);
}

// How often `coin` is true in `trials`, against its probability: exact binomial tails.
inline void expect_probability(const std::function<bool()>& coin, double probability, int trials = 200000) {
  int heads = 0;
  for (int i = 0; i < trials; ++i) heads += coin();
  const boost::math::binomial_distribution<double> law(trials, probability);
  const double below = boost::math::cdf(law, heads);
  const double above = heads == 0 ? 1 : boost::math::cdf(boost::math::complement(law, heads - 1));
  EXPECT_GE(std::min(below, above), kFalseAlarm) << heads << " of " << trials << ", expected " << probability * trials;
}

}  // namespace understudy
