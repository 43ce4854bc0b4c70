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
};

// What is released here is bought for mu, or was by an earlier, interrupted call of the same training. Before anything is
// spent the budget must have room for `whole`, the cost of all that the training will spend. Over ranks rank 0 buys.
GanBought buy_for_gan(const Vault& vault, double mu, const GaussianCost& whole, const Context& context,
                      const Checkpoint& checkpoint);

// `subjects` people of `rows` rows each, every column drawn by itself.
Cohort stand_in(const Schema& schema, const PrivateMarginals& marginals, std::int64_t subjects, std::int64_t rows,
                const Context& context);

}  // namespace understudy
