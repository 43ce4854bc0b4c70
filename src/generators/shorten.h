// The times between a subject's rows, made to fit into the time in which a subject can be seen.
#pragma once

#include <span>

namespace understudy {

// Shortens gaps until their sum is at most `room`: the longest first, by multiples of `step` (0: as needed), none below the
// shortest of them. Where that is not enough the sum stays above.
void shorten(std::span<double> gaps, double room, double step);

}  // namespace understudy
