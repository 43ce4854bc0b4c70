// The pairs of distributions that dominate the events of a plan.
#pragma once

#include <memory>

#include "privacy/accountants/loss_grid.h"
#include "understudy/privacy.h"

namespace understudy {

// (P, Q): for any two neighbours and any epsilon, the mechanism's hockey-stick curve lies below the larger of the
// pair's two curves, and so do the curves of compositions (Zhu, Dong and Wang 2022).
class LossPair {
 public:
  virtual ~LossPair() = default;
  // All losses lie in [low, high], except for P- and Q-mass of at most `tail` on either side.
  struct Range {
    double low, high;
  };
  virtual Range range(double tail) const = 0;
  virtual void fill(LossGrid& grid) const = 0;

  // On a grid of this interval.
  TwoWayLosses discretise(double interval, double tail, double failure) const;
};

// N(mu, 1) against N(0, 1).
std::unique_ptr<LossPair> gaussian_pair(double mu);
// Binomial mixture of N(i, 1 / mu^2), i of up to `records`, each record taking part with probability `rate`, against
// N(0, 1 / mu^2).
std::unique_ptr<LossPair> sampled_gaussian_pair(double mu, double rate, std::int64_t records);
// The pair of a laplace, discrete_laplace, randomised_response, pure or bounded_range
// event; nullptr for other kinds, and for losses above 650, where e^loss overflows.
std::unique_ptr<LossPair> make_loss_pair(const PrivacyEvent& event);

}  // namespace understudy
