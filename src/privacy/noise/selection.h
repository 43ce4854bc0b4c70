// Private selection and thresholds over integer scores, with exact coins. Scores are whole numbers of units; adding or
// removing a subject changes each of them by at most `sensitivity` units.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>

#include "privacy/noise/discrete.h"

namespace understudy {

// Exponential mechanism: index i with probability in proportion to exp(epsilon score_i / (2 sensitivity)). Charged as
// bounded_range(epsilon) when all scores move the same way under add/remove (monotone) with 2 left out, see
// docs/privacy/selection.md; here always with the 2. weights: public multiplicities (cells of an interval), empty: 1.
std::size_t exponential(NoiseSource& source, std::span<const std::int64_t> scores, std::int64_t sensitivity,
                        Ratio epsilon, std::span<const std::uint64_t> weights = {});

// Permute-and-flip (McKenna and Sheldon 2020). Never worse than `exponential` in expectation; charged as pure(epsilon):
// it has no bounded range of epsilon.
std::size_t permute_and_flip(NoiseSource& source, std::span<const std::int64_t> scores, std::int64_t sensitivity,
                             Ratio epsilon);

// Sparse vector technique, one answer (Dwork and Roth 2014, algorithm 1, with discrete Laplace noise): the index of the
// first of `count` queries whose noisy score reaches the noisy threshold; none when no one does. Charged as
// pure(epsilon). Queries after the answer are not evaluated.
std::optional<std::size_t> above_threshold(NoiseSource& source, std::size_t count,
                                           const std::function<std::int64_t(std::size_t)>& score,
                                           std::int64_t threshold, std::int64_t sensitivity, Ratio epsilon);

}  // namespace understudy
