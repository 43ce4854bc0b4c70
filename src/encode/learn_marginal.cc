#include <algorithm>
#include <bit>
#include <cmath>
#include <span>

#include "encode/grid.h"
#include "encode/marginal.h"

namespace understudy {
namespace {

constexpr double kHuge = 1e300;              // larger values are taken as this, so that ranges stay finite
constexpr double kMostCells = 0x1p52;        // grids with more are continuous to a double
constexpr int kOutwards = 10;                // bounds from data move to multiples of 2^-10 of their range

std::vector<double> finite_values(const Column& column) {
  std::vector<double> values;
  values.reserve(static_cast<std::size_t>(column.size()));
  for (std::int64_t row = 0; row < column.size(); ++row) {
    if (!column.is_valid(row)) continue;
    const double x = column.number(row);
    if (std::isfinite(x)) values.push_back(std::clamp(x, -kHuge, kHuge));
  }
  return values;
}

// Spacing of the multiples that bounds from data move out to: a power of two, or that many steps.
double spacing(double low, double high, double step) {
  const double extent = high > low ? high - low : std::abs(low);
  const double power = extent > 0 ? std::exp2(std::ceil(std::log2(extent)) - kOutwards) : 0;
  if (step <= 0) return power;
  return from_steps(std::max(std::ceil(in_steps(power, step)), 1.0), step);
}

double multiple(double x, double unit, bool upwards) {
  if (unit <= 0) return x;
  return (upwards ? std::ceil(x / unit - 1e-9) : std::floor(x / unit + 1e-9)) * unit;
}

ColumnGrid make_grid(const ColumnSpec& spec, std::span<const double> values, const MarginalOptions& options) {
  ColumnGrid grid;
  grid.step = options.step > 0 ? options.step : step_of(spec);
  double low = spec.minimum.value_or(0);
  double high = spec.maximum.value_or(low);
  if (!spec.minimum) low = values.empty() ? std::min(low, high) : *std::min_element(values.begin(), values.end());
  if (!spec.maximum && !values.empty()) high = *std::max_element(values.begin(), values.end());
  high = std::max(low, high);
  const bool bounded = spec.minimum && spec.maximum;
  const bool shared = low == high && static_cast<double>(values.size()) > options.min_values;
  const double unit = bounded || shared ? 0 : spacing(low, high, grid.step);
  if (!spec.minimum) low = multiple(low, unit, false);
  if (!spec.maximum) high = multiple(high, unit, true);
  const double size = std::max(std::abs(low), std::abs(high));
  if (grid.step > 0 && size / grid.step >= kMostCells) grid.step = 0;
  grid.low = grid.step > 0 && spec.minimum ? grid_above(low, grid.step) : low;
  if (grid.step > 0) {
    grid.cell = grid.step;
    high = grid_below(high, grid.step);
  } else if (high > low) {
    grid.cell = bounded ? (high - low) / kContinuousCells : unit * std::exp2(kOutwards) / kContinuousCells;
  }
  grid.cell = std::max(grid.cell, size / kMostCells);  // neighbouring edges must differ
  grid.cells = 1 + static_cast<std::int64_t>(std::max(std::round((high - grid.low) / grid.cell), 0.0));
  return grid;
}

// Halves [first, last) at a multiple of a power of two while it holds more than `most` of the sorted cell indices, and
// writes its parts to `marginal`.
void cut(const ColumnGrid& grid, std::int64_t first, std::int64_t last, std::span<const std::int64_t> sorted, double most,
         Marginal& marginal, std::vector<double>& counts) {
  if (static_cast<double>(sorted.size()) <= most || last - first <= 1) {
    marginal.edges.push_back(grid.edge(first));
    counts.push_back(static_cast<double>(sorted.size()));
    return;
  }
  const auto half = static_cast<std::int64_t>(std::bit_ceil(static_cast<std::uint64_t>(last - first)) / 2);
  const auto middle = std::lower_bound(sorted.begin(), sorted.end(), first + half) - sorted.begin();
  cut(grid, first, first + half, sorted.first(static_cast<std::size_t>(middle)), most, marginal, counts);
  cut(grid, first + half, last, sorted.subspan(static_cast<std::size_t>(middle)), most, marginal, counts);
}

void fill_numeric(const ColumnSpec& spec, std::span<const double> values, const MarginalOptions& options,
                  Marginal& marginal) {
  const ColumnGrid grid = make_grid(spec, values, options);
  std::vector<std::int64_t> indices(values.size());
  std::transform(values.begin(), values.end(), indices.begin(), [&](double x) { return grid.index(x); });
  std::sort(indices.begin(), indices.end());
  const double most = std::max(options.max_share * static_cast<double>(values.size()), options.min_values);
  marginal.step = grid.step;
  marginal.cell = grid.cell;
  marginal.from_data = !spec.is_public || !spec.minimum || !spec.maximum;
  cut(grid, 0, grid.cells, indices, most, marginal, marginal.mass);
  marginal.edges.push_back(grid.edge(grid.cells));
}

void fill_categorical(const ColumnSpec& spec, std::span<const double> values, Marginal& marginal) {
  marginal.step = 1;
  marginal.from_data = !spec.is_public;
  marginal.mass.assign(spec.categories.size(), 0);
  for (const double x : values) {
    const auto k = static_cast<std::size_t>(std::max(x, 0.0));
    marginal.mass[std::min(k, marginal.mass.size() - 1)] += 1;
  }
  for (std::size_t k = 0; k <= marginal.mass.size(); ++k) marginal.edges.push_back(static_cast<double>(k));
}

void fill_codes(const ColumnSpec& spec, const Column& column, Marginal& marginal) {
  marginal.from_data = !spec.is_public;
  marginal.shares.assign(spec.categories.size(), 0);
  for (std::int64_t row = 0; row < column.size(); ++row) {
    for (const std::int32_t code : column.codes(row)) marginal.shares[static_cast<std::size_t>(code)] += 1;
  }
  for (double& share : marginal.shares) share /= static_cast<double>(std::max<std::int64_t>(column.size(), 1));
}

}  // namespace

Marginal learn_marginal(const ColumnSpec& spec, const Column& column, const MarginalOptions& options) {
  Marginal marginal;
  marginal.type = spec.type;
  const auto rows = static_cast<double>(column.size());
  if (is_set(spec.type)) {
    fill_codes(spec, column, marginal);
    return marginal;
  }
  if (!is_numeric(spec.type) && !is_categorical(spec.type)) {
    marginal.missing = rows > 0 ? 1 - static_cast<double>(column.validity().count()) / rows : 0;
    return marginal;
  }
  const std::vector<double> values = finite_values(column);
  const auto count = static_cast<double>(values.size());
  marginal.missing = rows > 0 ? 1 - count / rows : 0;
  if (is_categorical(spec.type)) {
    fill_categorical(spec, values, marginal);
  } else {
    fill_numeric(spec, values, options, marginal);
  }
  for (double& share : marginal.mass) share = count > 0 ? share / count : 1 / static_cast<double>(marginal.mass.size());
  marginal.prepare();
  return marginal;
}

}  // namespace understudy
