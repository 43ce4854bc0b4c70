// Randomised response (Warner 1965; for more than two choices Kairouz, Bonawitz and Ramage 2016).
#pragma once

#include <cstdint>

#include "privacy/noise/discrete.h"

namespace understudy {

// `truth` with probability e^epsilon / (e^epsilon + choices - 1), else one of the others, each as likely. Charged as
// randomised_response. truth < choices; choices >= 1, at most 2^32. At most min(choices, e^epsilon) tries on average.
std::uint64_t randomised_response(NoiseSource& source, std::uint64_t truth, std::uint64_t choices, Ratio epsilon);

}  // namespace understudy
