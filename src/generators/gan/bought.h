// What a private training of the GAN buys before it trains: column distributions, the timeline, and how many people there
// are where that is not public; and a cohort drawn from them, which stands in wherever the training describes its data.
#pragma once

#include <optional>

#include "generators/private_marginals.h"
#include "understudy/generator.h"

namespace understudy {

struct GanBought {
  PrivateMarginals marginals;
  double subjects = 1;  // at least 1
  double mu = 0;        // what it cost
};

// All of it is released: bought for a fifth of mu^2 of `whole`, what the training as a whole may cost, or by an earlier,
// interrupted call of the same training. ErrorKind::budget, with nothing spent, where the ledger has no room for `whole`.
// Over ranks rank 0 buys.
GanBought buy_for_gan(const Vault& vault, const GaussianCost& whole, const Context& context, const Checkpoint& checkpoint);

// `subjects` people of `rows` rows each, every column drawn by itself.
Cohort stand_in(const Schema& schema, const PrivateMarginals& marginals, std::int64_t subjects, std::int64_t rows,
                const Context& context);

}  // namespace understudy
