// A cohort drawn from what a private training of the GAN bought: it stands in wherever the training describes its data.
#pragma once

#include "generators/private_marginals.h"
#include "understudy/context.h"

namespace understudy {

// `subjects` people of `rows` rows each, every column drawn by itself.
Cohort stand_in(const Schema& schema, const PrivateMarginals& marginals, std::int64_t subjects, std::int64_t rows,
                const Context& context);

}  // namespace understudy
