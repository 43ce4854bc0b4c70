// What an attack that was seen to work so often proves: lower bounds of epsilon and of mu.
//
// A game is played on two neighbouring inputs; an event fixed beforehand comes up `true_positives` times in `positives`
// runs on the one, `false_positives` times in `negatives` runs on the other. Each rate has a Clopper-Pearson bound at
// alpha / 2, so each lower bound is above the truth with probability at most alpha.
#pragma once

#include <boost/math/distributions/beta.hpp>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <cstdint>
#include <limits>

namespace understudy {

struct Hits {
  std::int64_t true_positives = 0, positives = 0;
  std::int64_t false_positives = 0, negatives = 0;
};

// Exact one-sided bounds of a proportion seen k times in n.
inline double proportion_low(std::int64_t k, std::int64_t n, double alpha) {
  if (k == 0) return 0;
  const boost::math::beta_distribution<double> law(static_cast<double>(k), static_cast<double>(n - k + 1));
  return boost::math::quantile(law, alpha);
}
inline double proportion_high(std::int64_t k, std::int64_t n, double alpha) {
  if (k == n) return 1;
  const boost::math::beta_distribution<double> law(static_cast<double>(k + 1), static_cast<double>(n - k));
  return boost::math::quantile(boost::math::complement(law, alpha));
}

// For an (epsilon, delta)-private mechanism TPR <= e^epsilon FPR + delta.
inline double epsilon_lower_bound(const Hits& hits, double delta, double alpha) {
  const double tpr = proportion_low(hits.true_positives, hits.positives, alpha / 2);
  const double fpr = proportion_high(hits.false_positives, hits.negatives, alpha / 2);
  return tpr > delta ? std::log((tpr - delta) / fpr) : -std::numeric_limits<double>::infinity();
}

// For a mu-Gaussian-DP mechanism Phi^-1(TPR) <= mu + Phi^-1(FPR).
inline double mu_lower_bound(const Hits& hits, double alpha) {
  const double tpr = proportion_low(hits.true_positives, hits.positives, alpha / 2);
  const double fpr = proportion_high(hits.false_positives, hits.negatives, alpha / 2);
  if (tpr <= 0 || fpr >= 1) return -std::numeric_limits<double>::infinity();
  const boost::math::normal_distribution<double> normal;
  return boost::math::quantile(normal, tpr) - boost::math::quantile(normal, fpr);
}

}  // namespace understudy
