// Private selection and thresholds over integer scores, with exact coins. Scores are whole numbers of units; adding or
// removing a subject changes each of them by at most `sensitivity` units, which is 1 or more. docs/privacy/selection.md
// has the proofs. ErrorKind::internal where a number does not fit the coins' widths: 2 sensitivity times the
// denominator of epsilon must be below 2^96 (sensitivity times it below 2^86, noise below 2^40, for above_threshold),
// epsilon's numerator below 2^62, scores within +-2^62.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>

#include "privacy/noise/discrete.h"

namespace understudy {

// Exponential mechanism: index i with probability in proportion to weights[i] exp(epsilon score_i / (2 sensitivity)).
// Charged as bounded_range(epsilon). (With scores that all move the same way under add/remove the 2 could be left out
// at the same charge; here it is always there.) weights: public multiplicities (cells of an interval) with a sum below
// 2^64, left out: 1. One pass, whatever the scores and weights: no proposal is rejected (weighted_choice.h).
std::size_t exponential(NoiseSource& source, std::span<const std::int64_t> scores, std::int64_t sensitivity,
                        Ratio epsilon, std::span<const std::uint64_t> weights = {});

// Permute-and-flip (McKenna and Sheldon 2020): in random order, candidate i is taken with probability
// exp(epsilon (score_i - best) / (2 sensitivity)). Never worse than `exponential` in expectation; charged as
// pure(epsilon): its range can be longer than epsilon.
std::size_t permute_and_flip(NoiseSource& source, std::span<const std::int64_t> scores, std::int64_t sensitivity,
                             Ratio epsilon);

// Sparse vector technique, one answer (Lyu, Su and Li 2017, algorithm 1 with c = 1, with discrete Laplace noise): the
// index of the first of `count` queries whose noisy score reaches the noisy threshold; none when no one does. Scale of
// the threshold's noise: 5 sensitivity / (2 epsilon); of each score's: 10 sensitivity / (3 epsilon), that is, 2/5 of
// epsilon for the threshold and 3/5 for the answer, next to the best division, 1 : 2^(2/3). Charged as pure(epsilon),
// for scores that may move up and down. Queries after the answer are not evaluated; a query may depend on the answers
// (all "below") to those before it.
std::optional<std::size_t> above_threshold(NoiseSource& source, std::size_t count,
                                           const std::function<std::int64_t(std::size_t)>& score,
                                           std::int64_t threshold, std::int64_t sensitivity, Ratio epsilon);

}  // namespace understudy
