#include "metrics/measures.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>
#include <utility>

#include "metrics/estimate.h"

namespace understudy {
namespace {

constexpr double kFewestRows = 3;
constexpr double kConstant = 1e-10;  // variance below this share of the mean square: rounding, not variation

// Mean 0 and variance 1 over the values that are there; all zeros when they are all the same.
void standardise(std::vector<double>& values, const std::vector<std::int32_t>& order) {
  if (order.empty()) return;
  const double anchor = values[static_cast<std::size_t>(order.front())];
  const double range = values[static_cast<std::size_t>(order.back())] - anchor;
  double sum = 0;
  double squares = 0;
  for (double& v : values) {
    v = range > 0 ? (v - anchor) / range : v - anchor;
    if (std::isnan(v)) continue;
    sum += v;
    squares += v * v;
  }
  const double n = static_cast<double>(order.size());
  const double mean = sum / n;
  const double deviation = std::sqrt(squares / n - mean * mean);
  if (!(range > 0)) return;
  for (double& v : values) v = (v - mean) / deviation;
}

// Four numbers at a time (a vector type of GCC and Clang): the order of additions is the same on every machine.
constexpr std::size_t kLanes = 4;
using Lanes = double __attribute__((vector_size(kLanes * sizeof(double))));

Lanes load(const double* from) {
  Lanes lanes;
  std::memcpy(&lanes, from, sizeof lanes);
  return lanes;
}

double sum_of(const Lanes& lanes) { return (lanes[0] + lanes[1]) + (lanes[2] + lanes[3]); }

// Weighted sums over the rows where both values are there; `rows` counts those with weight.
struct Moments {
  Lanes n{}, x{}, y{}, xx{}, yy{}, xy{}, rows{};

  void add(const double* first, const double* second, const double* weights) {
    const Lanes zero{};
    const Lanes one = zero + 1;
    const Lanes a = load(first);
    const Lanes b = load(second);
    const auto there = (a == a) & (b == b);
    const Lanes u = there ? a : zero;
    const Lanes v = there ? b : zero;
    const Lanes w = there ? load(weights) : zero;
    n += w;
    x += w * u;
    y += w * v;
    xx += w * u * u;
    yy += w * v * v;
    xy += w * u * v;
    rows += w > zero ? one : zero;
  }
};

Moments moments(std::span<const double> first, std::span<const double> second, std::span<const double> weights) {
  Moments sums;
  std::size_t i = 0;
  for (; i + kLanes <= first.size(); i += kLanes) sums.add(&first[i], &second[i], &weights[i]);
  double last[3][kLanes] = {};  // the remaining rows, filled up with rows of no weight
  for (std::size_t k = 0; i < first.size(); ++i, ++k) {
    last[0][k] = first[i];
    last[1][k] = second[i];
    last[2][k] = weights[i];
  }
  sums.add(last[0], last[1], last[2]);
  return sums;
}

}  // namespace

PreparedColumn::PreparedColumn(std::vector<double> raw, const ColumnSpec& spec) : values(std::move(raw)) {
  complete = std::none_of(values.begin(), values.end(), [](double v) { return std::isnan(v); });
  if (is_numeric(spec.type)) {
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (!std::isnan(values[i])) order.push_back(static_cast<std::int32_t>(i));
    }
    const auto at = [&](std::int32_t i) { return values[static_cast<std::size_t>(i)]; };
    std::sort(order.begin(), order.end(), [&](auto a, auto b) { return at(a) != at(b) ? at(a) < at(b) : a < b; });
    standardise(values, order);
    return;
  }
  constexpr std::int32_t kMostLevels = 1000;
  const auto declared = static_cast<double>(spec.categories.size());
  levels = std::min(kMostLevels, static_cast<std::int32_t>(spec.categories.size())) + 1;
  for (const double v : values) {
    const bool known = v >= 0 && v < declared;
    codes.push_back(std::isnan(v) ? -1 : known ? static_cast<std::int32_t>(v) % kMostLevels : levels - 1);
  }
  values = {};
}

double weighted_pearson(std::span<const double> first, std::span<const double> second,
                        std::span<const double> weights) {
  const Moments sums = moments(first, second, weights);
  if (sum_of(sums.rows) < kFewestRows) return kNotMeasured;
  const double n = sum_of(sums.n);
  const double x = sum_of(sums.x);
  const double y = sum_of(sums.y);
  const double nxx = n * sum_of(sums.xx);
  const double nyy = n * sum_of(sums.yy);
  const double vx = nxx - x * x;
  const double vy = nyy - y * y;
  if (vx <= kConstant * nxx || vy <= kConstant * nyy) return kNotMeasured;
  return std::clamp((n * sum_of(sums.xy) - x * y) / std::sqrt(vx * vy), -1.0, 1.0);
}

double weighted_cramers_v(const PreparedColumn& first, const PreparedColumn& second, std::span<const double> weights) {
  const auto width = static_cast<std::size_t>(second.levels);
  std::vector<double> cells(static_cast<std::size_t>(first.levels) * width);
  double rows = 0;
  for (std::size_t i = 0; i < first.codes.size(); ++i) {
    if (first.codes[i] < 0 || second.codes[i] < 0) continue;
    cells[static_cast<std::size_t>(first.codes[i]) * width + static_cast<std::size_t>(second.codes[i])] += weights[i];
    rows += weights[i] > 0;
  }
  std::vector<double> down(static_cast<std::size_t>(first.levels));
  std::vector<double> across(width);
  for (std::size_t c = 0; c < cells.size(); ++c) {
    down[c / width] += cells[c];
    across[c % width] += cells[c];
  }
  const auto used = [](double total) { return total > 0; };
  const auto smaller =
      std::min(std::count_if(down.begin(), down.end(), used), std::count_if(across.begin(), across.end(), used));
  if (rows < kFewestRows || smaller < 2) return kNotMeasured;
  double sum = 0;  // chi squared / n + 1
  for (std::size_t c = 0; c < cells.size(); ++c) {
    if (cells[c] > 0) sum += cells[c] * cells[c] / (down[c / width] * across[c % width]);
  }
  return std::sqrt(std::clamp((sum - 1) / static_cast<double>(smaller - 1), 0.0, 1.0));
}

double weighted_eta(const PreparedColumn& category, const PreparedColumn& number, std::span<const double> weights) {
  std::vector<double> mass(static_cast<std::size_t>(category.levels));
  std::vector<double> sums(mass.size());
  double squares = 0;
  double rows = 0;
  for (std::size_t i = 0; i < category.codes.size(); ++i) {
    const double v = number.values[i];
    if (category.codes[i] < 0 || std::isnan(v)) continue;
    const auto code = static_cast<std::size_t>(category.codes[i]);
    mass[code] += weights[i];
    sums[code] += weights[i] * v;
    squares += weights[i] * v * v;
    rows += weights[i] > 0;
  }
  const double n = std::accumulate(mass.begin(), mass.end(), 0.0);
  const double total = std::accumulate(sums.begin(), sums.end(), 0.0);
  const auto groups = std::count_if(mass.begin(), mass.end(), [](double m) { return m > 0; });
  if (rows < kFewestRows || groups < 2) return kNotMeasured;
  const double around_mean = squares - total * total / n;
  if (around_mean <= kConstant * squares) return kNotMeasured;
  double between = -total * total / n;
  for (std::size_t k = 0; k < mass.size(); ++k) between += mass[k] > 0 ? sums[k] * sums[k] / mass[k] : 0;
  return std::sqrt(std::clamp(between / around_mean, 0.0, 1.0));
}

std::vector<double> weighted_ranks(const PreparedColumn& column, std::span<const double> weights) {
  std::vector<double> ranks(column.values.size(), kNotMeasured);
  double total = 0;
  for (const std::int32_t row : column.order) total += weights[static_cast<std::size_t>(row)];
  if (total == 0) return ranks;
  double before = 0;
  for (std::size_t begin = 0; begin < column.order.size();) {
    const double value = column.values[static_cast<std::size_t>(column.order[begin])];
    double tied = 0;
    std::size_t end = begin;
    for (; end < column.order.size(); ++end) {
      const auto row = static_cast<std::size_t>(column.order[end]);
      if (column.values[row] != value) break;
      tied += weights[row];
    }
    const double rank = (before + tied / 2) / total - 0.5;
    for (; begin < end; ++begin) ranks[static_cast<std::size_t>(column.order[begin])] = rank;
    before += tied;
  }
  return ranks;
}

}  // namespace understudy
