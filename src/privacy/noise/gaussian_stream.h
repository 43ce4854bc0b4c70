// Gaussian noise on many numbers at once, from the secure source: 64 bits for each number, about 4 ns.
//
//   GaussianStream noise(*source);
//   noise.add(clipped_sum, noise_multiplier * clip);        // once for each logical batch
//
// Claim: in real arithmetic the added numbers are independent and normal with mean 0 and the given standard deviation,
// so that a sum of L2 sensitivity C with deviation s is C/s-Gaussian-DP (event kind `gaussian`; Dong, Roth and Su 2022).
// Keys, bits and normals are wiped before add returns.
//
// Assumptions: bytes of the source, and ChaCha20 under a key of its bytes, cannot be told from uniform ones. Noise of
// doubles is NOT exact: 2^64 radii and 2^54 angles stand for the plane, and a rounded sum takes values that another sum
// cannot take, which an attacker who sees every bit may use (Mironov 2012, "On significance of the least significant
// bits for differential privacy"). Statements that rest on this noise print that assumption; counts get the exact noise
// of discrete.h instead. Of the law itself only the tail is cut: a radius of 64 bits reaches 9.4 standard deviations
// (32 bits would end at 6.7, where exact noise on 10^6 parameters in 10^4 steps is expected to go once), and a pair of
// exact normals lies beyond with probability 2^-64.
//
// Tries to break it: gaussian_stream_test.cc (law, tails, neighbours, a slow reference), tests/falsify (privacy loss).
#pragma once

#include <cstddef>
#include <span>

#include "privacy/noise/source.h"

namespace understudy {

// One thread at a time, as its source. The noise does not depend on `threads`.
class GaussianStream {
 public:
  // Each block of so many numbers takes a key of 32 bytes from the source. Spans that are cut at multiples of kBlock
  // and added in order get the same noise as the whole.
  static constexpr std::size_t kBlock = 512;

  explicit GaussianStream(NoiseSource& source, int threads = 1) : source_(source), threads_(threads) {}

  // values[i] += deviation * normal, computed in double and rounded once. ErrorKind::internal unless the deviation is
  // finite and positive: no noise is never what was meant.
  void add(std::span<double> values, double deviation);
  void add(std::span<float> values, double deviation);

  // Passes over the noise of so many numbers: their keys are taken, and wiped unused.
  void skip(std::size_t count);

 private:
  NoiseSource& source_;
  int threads_;
};

}  // namespace understudy
