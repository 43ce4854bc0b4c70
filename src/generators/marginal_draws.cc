#include "generators/marginal_draws.h"

#include "generators/code_draws.h"
#include "generators/shards.h"

namespace understudy {
namespace {

void draw(const Marginal& marginal, Column& column, std::int64_t first, std::int64_t last, Rng& rng) {
  if (marginal.mass.empty()) return;  // id and text stay missing, codes are drawn elsewhere
  for (std::int64_t row = first; row < last; ++row) {
    const bool missing = rng.bernoulli(marginal.missing);
    const double u = rng.uniform();
    if (!missing) column.set_number(row, marginal.quantile(u));
  }
}

}  // namespace

void draw_columns(std::span<const ColumnSpec> specs, std::span<const Marginal> marginals, Table& table, const Rng& rng,
                  const Context& context) {
  for_each_shard(table.rows(), context, [&](std::int64_t shard, std::int64_t first, std::int64_t last) {
    Rng own = rng.stream("shard", static_cast<std::uint64_t>(shard));
    for (std::size_t c = 0; c < marginals.size(); ++c) draw(marginals[c], table.column(c), first, last, own);
  });
  draw_codes(specs, marginals, table, rng.stream("codes"), context);
}

}  // namespace understudy
