#include "encode/series_grid.h"

#include <limits>

#include "understudy/error.h"

namespace understudy {
namespace {

void check_time(const Schema& schema) {
  const ColumnType type = schema.time_spec.type;
  if (!schema.time.empty() && (type == ColumnType::integer || type == ColumnType::date)) return;
  fail(ErrorKind::usage, "a grid needs a time column of whole steps (integer or date); '{}' is {}", schema.time,
       schema.time.empty() ? "none" : to_string(type));
}

std::vector<const Column*> grid_columns(const Cohort& cohort) {
  std::vector<const Column*> columns;
  for (std::size_t c = 0; c < cohort.series.width(); ++c) {
    const Column& column = cohort.series.column(c);
    if (is_numeric(column.type()) || is_categorical(column.type())) columns.push_back(&column);
  }
  return columns;
}

void measure(SeriesGrid& grid, const std::vector<const Column*>& columns, std::int64_t step, std::int64_t row) {
  for (std::int64_t c = 0; c < grid.columns; ++c) {
    const Column& column = *columns[static_cast<std::size_t>(c)];
    if (!column.is_valid(row)) continue;
    grid.values[grid.at(step, c)] = static_cast<float>(column.number(row));
    grid.mask[grid.at(step, c)] = 1;
  }
}

void carry_forward(SeriesGrid& grid) {
  for (std::int64_t c = 0; c < grid.columns; ++c) {
    float last = std::numeric_limits<float>::quiet_NaN(), gap = 0;
    for (std::int64_t step = 0; step < grid.steps; ++step) {
      const std::size_t at = grid.at(step, c);
      gap = grid.mask[at] > 0 ? 0 : gap + 1;
      if (grid.mask[at] > 0) last = grid.values[at];
      grid.values[at] = last;
      grid.gaps[at] = gap;
    }
  }
}

}  // namespace

SeriesGrid series_grid(const Cohort& cohort, std::int64_t subject, const GridSpan& span) {
  check_time(cohort.schema);
  const auto columns = grid_columns(cohort);
  SeriesGrid grid{.steps = span.steps, .columns = static_cast<std::int64_t>(columns.size()), .values = {}, .mask = {}, .gaps = {}};
  const auto size = static_cast<std::size_t>(grid.steps * grid.columns);
  grid.values.resize(size);
  grid.mask.resize(size);
  grid.gaps.resize(size);
  const auto s = static_cast<std::size_t>(subject);
  for (std::int64_t row = cohort.offsets[s]; row < cohort.offsets[s + 1]; ++row) {
    const std::int64_t step = static_cast<std::int64_t>(cohort.times.number(row)) - span.first;
    if (step >= 0 && step < span.steps) measure(grid, columns, step, row);
  }
  carry_forward(grid);
  return grid;
}

}  // namespace understudy
