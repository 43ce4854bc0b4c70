// One index out of many, with probabilities in proportion to weights that are no fractions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "privacy/noise/coins.h"

namespace understudy {

// Index i with probability in proportion to weights[i] exp(-exponents[i] / divisor), exactly. Exponents below 2^127,
// the smallest of them 0 with a positive weight; divisor from 1 to below 2^96; weights sum to less than 2^64, or are
// left out and all 1. One pass over them; a second, finer one with a probability below 2^-40 times the sum of the
// weights.
std::size_t weighted_choice(Coins& coins, std::span<const Wide> exponents, Wide divisor,
                            std::span<const std::uint64_t> weights);

}  // namespace understudy
