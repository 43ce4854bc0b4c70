#include "generators/gan/noise.h"

#include <algorithm>
#include <cmath>

#include "understudy/error.h"

namespace understudy {
namespace {

double draw(const CellNoise& noise, double epsilon, Rng& rng) {
  if (noise.kind == CellNoise::Kind::gaussian) {
    return rng.normal() * std::sqrt(2 * std::log(1.25 / noise.delta)) / epsilon;
  }
  const double size = rng.exponential() / epsilon;
  return rng.bernoulli(0.5) ? size : -size;
}

void add_to_numbers(const ColumnSpec& spec, Column& column, const CellNoise& noise, double epsilon, Rng rng) {
  const double low = spec.minimum.value();
  const double high = spec.maximum.value();
  for (std::int64_t row = 0; row < column.size(); ++row) {
    if (!column.is_valid(row)) continue;
    const double noisy = std::clamp(column.number(row), low, high) + (high - low) * draw(noise, epsilon, rng);
    column.set_number(row, std::clamp(noisy, low, high));
  }
}

// Randomised response over the declared categories.
void add_to_categories(const ColumnSpec& spec, Column& column, double epsilon, Rng rng) {
  const auto others = static_cast<std::uint64_t>(spec.categories.size()) - 1;
  const double keep = 1 / (1 + static_cast<double>(others) * std::exp(-epsilon));
  for (std::int64_t row = 0; row < column.size(); ++row) {
    if (!column.is_valid(row) || rng.bernoulli(keep)) continue;
    const auto old = static_cast<std::uint64_t>(column.number(row));
    const std::uint64_t other = rng.below(others);
    column.set_number(row, static_cast<double>(other < old ? other : other + 1));
  }
}

void add_to_table(const std::vector<ColumnSpec>& specs, Table& table, const CellNoise& noise, double epsilon,
                  const Rng& rng) {
  for (std::size_t c = 0; c < specs.size(); ++c) {
    Column& column = table.column(c);
    if (is_numeric(specs[c].type)) {
      add_to_numbers(specs[c], column, noise, epsilon, rng.stream("cells", c));
    } else if (is_categorical(specs[c].type)) {
      add_to_categories(specs[c], column, epsilon, rng.stream("cells", c));
    } else {
      for (std::int64_t row = 0; row < column.size(); ++row) column.set_missing(row);
    }
  }
}

}  // namespace

CellNoise parse_cell_noise(const Options& options) {
  return {.kind = options.text("noise") == "gaussian" ? CellNoise::Kind::gaussian : CellNoise::Kind::laplace,
          .epsilon = options.real("epsilon"),
          .delta = options.real("delta")};
}

void check_public_bounds(const Schema& schema) {
  for (const ColumnSpec& column : schema.columns) {
    const bool bounded = !is_numeric(column.type) || (column.minimum && column.maximum);
    if (bounded && column.is_public) continue;
    fail(ErrorKind::input, "column '{}' has no public {}, so noise cannot be scaled to them; declare them in the schema",
         column.name, is_categorical(column.type) ? "categories" : "minimum and maximum");
  }
}

void add_cell_noise(Cohort& cohort, const CellNoise& noise, const Rng& rng) {
  const double epsilon = noise.epsilon / static_cast<double>(std::max<std::size_t>(cohort.schema.columns.size(), 1));
  add_to_table(cohort.schema.statics(), cohort.statics, noise, epsilon, rng.stream("statics"));
  if (cohort.schema.has_series()) {
    add_to_table(cohort.schema.series(), cohort.series, noise, epsilon, rng.stream("series"));
  }
}

}  // namespace understudy
