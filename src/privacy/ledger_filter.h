// What a limit still allows: the filter of the ledger, as arithmetic on events.
#pragma once

#include <optional>
#include <vector>

#include "understudy/ledger.h"

namespace understudy {

// The limit that the events declare; none when none does.
std::optional<Limit> limit_of(const std::vector<Event>& events);

// Whether `cost` may follow what was spent.
bool fits(const Limit& limit, const GaussianCost& spent, const GaussianCost& cost);
// The most that a single plan may still cost.
GaussianCost remaining(const Limit& limit, const GaussianCost& spent);

// The epsilon that one cost gives at the limit's delta; infinity when its delta takes all of that.
double epsilon_of(const Limit& limit, const GaussianCost& cost);

}  // namespace understudy
