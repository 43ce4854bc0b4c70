// Cells of codes columns, each code drawn by a coin of its own.
#pragma once

#include <span>

#include "encode/marginal.h"
#include "understudy/context.h"

namespace understudy {

// Fills the table's codes columns from the shares of their marginals; leaves the other columns alone. Columns are in
// the order of `specs` and `marginals`. A cell that gets more than the column's max_codes keeps so many of them, drawn
// evenly. The same rng gives the same cells with any number of threads.
void draw_codes(std::span<const ColumnSpec> specs, std::span<const Marginal> marginals, Table& table, const Rng& rng,
                const Context& context);

}  // namespace understudy
