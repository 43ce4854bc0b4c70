#include "privacy/noise/quantile.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "privacy/noise/selection.h"
#include "understudy/error.h"

namespace understudy {
namespace {

constexpr std::uint64_t kLargestDenominator = std::uint64_t{1} << 20;
constexpr std::uint64_t kLargestUnits = std::uint64_t{1} << 40;      // so that scores stay below 2^61

// Runs of cells with the same score.
struct Runs {
  std::vector<std::uint64_t> begins, lengths;
  std::vector<std::int64_t> scores;
};

void check(std::span<const CellUnits> values, std::uint64_t subject_units, std::uint64_t cells, Ratio q) {
  if (q.denominator < 1 || q.denominator > kLargestDenominator || q.numerator > q.denominator) {
    fail(ErrorKind::internal, "the quantile is {:g} / {}; it must lie in [0, 1] with a denominator from 1 to 2^20",
         static_cast<double>(q.numerator), q.denominator);
  }
  if (cells == 0) fail(ErrorKind::internal, "the grid of a quantile has {} cells; it needs one or more", cells);
  if (subject_units < 1 || subject_units > kLargestUnits) {
    fail(ErrorKind::internal, "a subject counts in {} units; from 1 to 2^40 fit", subject_units);
  }
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (values[i].cell >= cells || (i > 0 && values[i].cell < values[i - 1].cell)) {
      fail(ErrorKind::internal, "value {} of a quantile is out of order or outside the {} cells; clamp and sort", i,
           cells);
    }
  }
}

std::uint64_t total(std::span<const CellUnits> values) {
  std::uint64_t sum = 0;
  for (const CellUnits& value : values) {
    if (value.units > kLargestUnits || sum + value.units > kLargestUnits) {
      fail(ErrorKind::internal, "the values of a quantile have more than {} units; deal them in fewer", kLargestUnits);
    }
    sum += value.units;
  }
  return sum;
}

class Scored {
 public:
  Scored(std::uint64_t all, Ratio q)
      : target_(static_cast<std::int64_t>(q.numerator) * static_cast<std::int64_t>(all)),
        denominator_(static_cast<std::int64_t>(q.denominator)) {}

  // Cells [begin, end) with `below` units below each and `upto` up to and in each.
  void add(std::uint64_t begin, std::uint64_t end, std::uint64_t below, std::uint64_t upto) {
    if (begin == end) return;
    const std::int64_t above_it = denominator_ * static_cast<std::int64_t>(below) - target_;
    const std::int64_t under_it = target_ - denominator_ * static_cast<std::int64_t>(upto);
    runs.begins.push_back(begin);
    runs.lengths.push_back(end - begin);
    runs.scores.push_back(-std::max({std::int64_t{0}, above_it, under_it}));
  }

  Runs runs;

 private:
  std::int64_t target_, denominator_;   // q n and 1, times the denominator of q
};

Runs score(std::span<const CellUnits> values, std::uint64_t cells, Ratio q) {
  Scored scored(total(values), q);
  std::uint64_t next = 0, below = 0;
  for (std::size_t i = 0; i < values.size();) {
    const std::uint64_t cell = values[i].cell;
    std::uint64_t here = 0;
    for (; i < values.size() && values[i].cell == cell; ++i) here += values[i].units;
    scored.add(next, cell, below, below);
    scored.add(cell, cell + 1, below, below + here);
    below += here;
    next = cell + 1;
  }
  scored.add(next, cells, below, below);
  return std::move(scored.runs);
}

}  // namespace

std::uint64_t quantile(NoiseSource& source, std::span<const CellUnits> values, std::uint64_t subject_units,
                       std::uint64_t cells, Ratio q, Ratio epsilon) {
  check(values, subject_units, cells, q);
  const Runs runs = score(values, cells, q);
  const auto part = static_cast<std::uint64_t>(q.numerator);
  const auto sensitivity = static_cast<std::int64_t>(std::max(part, q.denominator - part) * subject_units);
  const std::size_t chosen = exponential(source, runs.scores, sensitivity, epsilon, runs.lengths);
  return runs.begins[chosen] + source.below(runs.lengths[chosen]);
}

std::uint64_t quantile(NoiseSource& source, std::span<const std::uint64_t> values, std::uint64_t cells, Ratio q,
                       Ratio epsilon) {
  std::vector<CellUnits> single;
  for (const std::uint64_t cell : values) single.push_back({.cell = cell, .units = 1});
  return quantile(source, single, 1, cells, q, epsilon);
}

}  // namespace understudy
