// What a private training buys before it trains: column distributions, the timeline, and how many people there are where that
// is not public.
#pragma once

#include <optional>
#include <string_view>

#include "generators/private_marginals.h"
#include "understudy/generator.h"

namespace understudy {

struct Description {
  PrivateMarginals marginals;
  double subjects = 1;  // at least 1
  double mu = 0;        // what it cost
};

// What a training may cost as a whole.
GaussianCost whole_cost(const Budget& budget);

// All of it is released: bought for a fifth of mu^2 of `whole`, what the training as a whole may cost, or by an earlier,
// interrupted call of the same training. ErrorKind::budget, with nothing spent, where the ledger has no room for `whole`.
// Over ranks rank 0 buys.
Description buy_description(const Vault& vault, std::string_view generator, const GaussianCost& whole, const Context& context,
                            const Checkpoint& checkpoint);

}  // namespace understudy
