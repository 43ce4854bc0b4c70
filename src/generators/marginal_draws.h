// Columns drawn one by one from their distributions.
#pragma once

#include <span>

#include "encode/marginal.h"
#include "understudy/context.h"

namespace understudy {

// Fills every row of the table; id and text stay missing. Columns are in the order of `specs` and `marginals`. The same rng
// gives the same rows with any number of threads. Reports "sampling" in rows.
void draw_columns(std::span<const ColumnSpec> specs, std::span<const Marginal> marginals, Table& table, const Rng& rng,
                  const Context& context);

}  // namespace understudy
