// Mechanisms over cohorts. Each is a small description fixed before the first look: what it measures, its noise, and the
// event that is charged for it. PrivateSession (vault/session.h) carries it out: description, sensitivity, noise and
// event cannot come apart.
//
// Relation: add or remove one subject. A subject's whole record may change every contribution of that subject.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "privacy/noise/bounds.h"
#include "privacy/noise/discrete.h"
#include "understudy/privacy.h"

namespace understudy {

// The epsilon at which every epsilon-DP mechanism is mu-Gaussian-DP: ln(Phi(mu / 2) / Phi(-mu / 2)).
double pure_epsilon(double mu);

// The Gaussian DP m of one use at which `events(m)` together cost `mu`, to a relative 1e-6 from below. Costs are those of
// gaussian_cost: answers with many choices, or noise of few steps, cost a little less or more than their m in squares.
double share_mu(double mu, const std::function<std::vector<PrivacyEvent>(double)>& events);

// A subject's weight in a histogram, dealt over the cells it votes for in whole units (largest remainder), so that the
// L1 norm of a contribution, and with it the L2 norm, is at most this.
inline constexpr std::int64_t kSubjectUnits = std::int64_t{1} << 20;

// The number of subjects plus discrete Gaussian noise. Sensitivity 1.
struct NoisyCount {
  std::string what;
  double noise = 0;  // standard deviation, in subjects
  PrivacyEvent event() const;
};

// Weights of cells plus discrete Gaussian noise. Every subject deals one weight of 1 over its votes, evenly; each of
// the at most `most` cells of a vote gets the whole of that vote's weight. A vote of weight w thus has the L2 norm
// w sqrt(most) and the L1 norm w most; the weights of a subject's votes sum to 1, so by the triangle inequality the L2
// sensitivity is sqrt(most), and the L1 sensitivity most.
struct NoisyHistogram {
  std::string what;
  std::int64_t cells = 0;  // public
  double noise = 0;        // standard deviation of a cell, in subjects
  std::int64_t most = 1;   // cells that one vote may name, public
  PrivacyEvent event() const;
};

// A point between which and the lower end about `share` of the subjects lie, by the exponential mechanism over the cells
// of a public grid. One value a subject.
struct NoisyQuantile {
  std::string what;
  std::int64_t cells = 0;  // public
  Ratio share;             // in [0, 1]
  Ratio epsilon;           // bounded range of one use
  PrivacyEvent event() const;
};

// Bounds of a number that has none in the schema, from a noisy histogram over public bins between powers of two. One
// value a subject. Sensitivity 1.
struct NoisyBounds {
  std::string what;
  PowerBins bins;
  Ratio scale;  // of the discrete Laplace noise, in subjects
  PrivacyEvent event() const;
};

// The keys that enough subjects hold: noisy counts over a threshold. A subject holds at most `most` keys (the first ones
// in the order that it gives them).
struct NoisyKeys {
  std::string what;
  std::int64_t most = 1;
  double noise = 0;   // standard deviation of a count, in subjects
  double delta = 0;   // probability that a key which one subject alone holds passes
  PrivacyEvent event() const;
};

// Sums of subjects' contributions plus Gaussian noise, one after the other; each may depend on the answers before it: what
// training a network asks for (docs/privacy/training.md). Every subject takes part in a sum by an own coin, and contributes a
// vector whose L2 norm is at most `bound`.
struct SampledSum {
  std::string what;
  std::int64_t size = 0;    // numbers of a sum, public
  double bound = 1;
  double multiplier = 1;    // standard deviation of the noise in each number, in bounds
  double rate = 1;          // of the coins, in (0, 1]; a multiple of 2^-53
  std::int64_t count = 1;   // sums
  PrivacyEvent event() const;
};

}  // namespace understudy
