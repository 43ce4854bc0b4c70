#include "generators/code_draws.h"

#include <cmath>

#include "generators/shards.h"

namespace understudy {
namespace {

// Appends `code` to each cell with probability `share`: the gaps between the cells that get it are geometric.
void deal_code(std::int32_t code, double share, std::span<std::vector<std::int32_t>> cells, Rng& rng) {
  if (!(share > 0)) return;
  const double rate = -std::log1p(-std::min(share, 1.0));
  const auto end = static_cast<double>(cells.size());
  for (double at = std::floor(rng.exponential() / rate); at < end; at += 1 + std::floor(rng.exponential() / rate)) {
    cells[static_cast<std::size_t>(at)].push_back(code);
  }
}

// Keeps `most` of the codes.
void thin(std::vector<std::int32_t>& codes, std::size_t most, Rng& rng) {
  for (std::size_t i = 0; i < most; ++i) std::swap(codes[i], codes[i + rng.below(codes.size() - i)]);
  codes.resize(most);
}

void draw_column(const ColumnSpec& spec, const Marginal& marginal, Column& column, std::int64_t first,
                 std::int64_t last, Rng& rng) {
  std::vector<std::vector<std::int32_t>> cells(static_cast<std::size_t>(last - first));
  for (std::size_t k = 0; k < marginal.shares.size(); ++k) {
    deal_code(static_cast<std::int32_t>(k), marginal.shares[k], cells, rng);
  }
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const auto most = static_cast<std::size_t>(spec.max_codes.value_or(static_cast<std::int64_t>(cells[i].size())));
    if (cells[i].size() > most) thin(cells[i], most, rng);
    column.set_codes(first + static_cast<std::int64_t>(i), std::move(cells[i]));
  }
}

}  // namespace

void draw_codes(std::span<const ColumnSpec> specs, std::span<const Marginal> marginals, Table& table, const Rng& rng,
                const Context& context) {
  for (std::size_t c = 0; c < specs.size(); ++c) {
    if (!is_set(specs[c].type)) continue;
    const Rng own = rng.stream("column", c);
    for_each_shard(table.rows(), context, [&](std::int64_t shard, std::int64_t first, std::int64_t last) {
      Rng draws = own.stream("shard", static_cast<std::uint64_t>(shard));
      draw_column(specs[c], marginals[c], table.column(c), first, last, draws);
    });
  }
}

}  // namespace understudy
