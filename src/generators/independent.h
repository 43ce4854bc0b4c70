// Generator "independent": every column by its own distribution, no two together. A control: what a generator adds is
// what it does better than this one.
//
// Learns one Marginal a column and the Timeline. A condition fixes the value and changes nothing else.
#pragma once

#include <memory>

#include "understudy/generator.h"

namespace understudy {

std::unique_ptr<Generator> make_independent();

}  // namespace understudy
