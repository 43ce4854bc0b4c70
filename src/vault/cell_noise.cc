#include "vault/cell_noise.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "privacy/noise/discrete.h"
#include "privacy/noise/randomised_response.h"
#include "understudy/error.h"
#include "vault/mechanisms.h"

namespace understudy {
namespace {

constexpr std::int64_t kMostSteps = std::int64_t{1} << 20;   // of a number's grid
constexpr std::int64_t kLeastUnits = std::int64_t{1} << 16;  // of its sensitivity: coarse noise would cost more
constexpr double kMargin = 1 - 1e-9;                         // for the rounding of noise to fractions

// The public grid of a number: value = low + width * step, step in [0, steps]; noise is added in `units` a step.
struct NumberGrid {
  double low, width;
  std::int64_t steps, units;

  explicit NumberGrid(const ColumnSpec& spec) : low(spec.minimum.value()) {
    const double range = spec.maximum.value() - low;
    const double step = spec.type != ColumnType::real ? 1 : spec.decimals ? std::pow(10.0, -*spec.decimals) : 0;
    const double exact = step > 0 ? std::round(range / step) : static_cast<double>(kMostSteps);
    steps = static_cast<std::int64_t>(std::clamp(exact, 1.0, static_cast<double>(kMostSteps)));
    width = range / static_cast<double>(steps);
    units = (kLeastUnits + steps - 1) / steps;
  }
  std::int64_t index(double x) const {
    if (width <= 0) return 0;
    return std::clamp<std::int64_t>(std::llround((x - low) / width), 0, steps);
  }
  double value(std::int64_t step) const { return low + width * static_cast<double>(std::clamp<std::int64_t>(step, 0, steps)); }
  double sensitivity() const { return static_cast<double>(steps * units); }
};

bool is_noised(const ColumnSpec& spec) { return is_numeric(spec.type) || is_categorical(spec.type); }

std::int64_t choices_of(const ColumnSpec& spec) {
  const auto named = is_categorical(spec.type) ? static_cast<std::int64_t>(spec.categories.size()) : 1;
  return named + (spec.nullable ? 1 : 0);
}

// Mechanisms of one row of these columns, each with its number of uses.
void add_events(const std::vector<ColumnSpec>& specs, const CellNoise& noise, std::int64_t uses,
                std::vector<PrivacyEvent>& events) {
  for (const ColumnSpec& spec : specs) {
    if (is_numeric(spec.type)) {
      const NumberGrid grid(spec);
      events.push_back({.what = "noise on " + spec.name, .kind = EventKind::discrete_gaussian,
                        .sensitivity = grid.sensitivity(), .noise = grid.sensitivity() / noise.mu, .count = uses});
    }
    if (is_noised(spec) && choices_of(spec) > 1) {
      events.push_back({.what = (is_numeric(spec.type) ? "whether there is a " : "choice of ") + spec.name,
                        .kind = EventKind::randomised_response, .epsilon = pure_epsilon(noise.mu),
                        .choices = choices_of(spec), .count = uses});
    }
  }
}

class Choice {
 public:
  Choice(std::int64_t choices, double mu)
      : choices_(static_cast<std::uint64_t>(choices)), epsilon_(ratio_above(pure_epsilon(mu) * kMargin)) {}
  std::int64_t operator()(std::int64_t truth, NoiseSource& source) const {
    const auto said = randomised_response(source, static_cast<std::uint64_t>(truth), choices_, epsilon_);
    return static_cast<std::int64_t>(said);
  }

 private:
  std::uint64_t choices_;
  Ratio epsilon_;
};

// One column's cells, record after record. `at(i)` is the row of `from` behind cell i, -1 for a null record.
template <class At>
void noise_column(const ColumnSpec& spec, const Column& from, Column& to, const At& at, double mu, NoiseSource& source) {
  if (!is_noised(spec)) return;
  const Choice choice(choices_of(spec), mu);
  const auto there = [&](std::int64_t row) { return row >= 0 && from.is_valid(row); };
  if (is_categorical(spec.type)) {
    const auto named = static_cast<std::int64_t>(spec.categories.size());
    for (std::int64_t i = 0; i < to.size(); ++i) {
      const std::int64_t row = at(i);
      const std::int64_t null = spec.nullable ? named : 0;
      const std::int64_t said = choice(there(row) ? static_cast<std::int64_t>(from.number(row)) : null, source);
      if (said < named) to.set_number(i, static_cast<double>(said));
    }
    return;
  }
  const NumberGrid grid(spec);
  std::vector<std::int64_t> noise(static_cast<std::size_t>(to.size()));
  const double deviation = grid.sensitivity() / mu;
  discrete_gaussian(source, ratio_above(deviation * deviation), noise);
  for (std::int64_t i = 0; i < to.size(); ++i) {
    const std::int64_t row = at(i);
    const std::int64_t truth = there(row) ? grid.index(from.number(row)) : grid.steps / 2;
    const auto noisy = static_cast<double>(truth * grid.units + noise[static_cast<std::size_t>(i)]);
    const bool missing = choice(there(row) ? 0 : choices_of(spec) - 1, source) == 1;
    if (!missing) to.set_number(i, grid.value(std::llround(noisy / static_cast<double>(grid.units))));
  }
}

template <class At>
void noise_table(const std::vector<ColumnSpec>& specs, const Table& from, Table& to, const At& at, double mu,
                 NoiseSource& source) {
  for (std::size_t c = 0; c < specs.size(); ++c) noise_column(specs[c], from.column(c), to.column(c), at, mu, source);
}

// Random order of the records, so that a record's place tells nothing.
std::vector<std::int64_t> shuffled(std::int64_t count, NoiseSource& source) {
  std::vector<std::int64_t> order(static_cast<std::size_t>(count));
  std::iota(order.begin(), order.end(), 0);
  for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[source.below(i)]);
  return order;
}

// Rows that a coin lets stand, the cells of each noised, in the public times.
void noise_series(const Cohort& cohort, const std::vector<std::int64_t>& order, const CellNoise& noise,
                  NoiseSource& source, Cohort& result) {
  const Choice presence(2, noise.mu);
  std::vector<std::int64_t> rows;   // of the cohort behind each row that stands; -1: none
  std::vector<std::int64_t> places; // in its subject's public times
  for (const std::int64_t s : order) {
    const std::int64_t have = s < cohort.size() ? cohort.series_rows(s) : 0;
    for (std::int64_t r = 0; r < noise.rows; ++r) {
      if (presence(r < have ? 1 : 0, source) == 0) continue;
      rows.push_back(r < have ? cohort.offsets[static_cast<std::size_t>(s)] + r : -1);
      places.push_back(r);
    }
    result.offsets.push_back(static_cast<std::int64_t>(rows.size()));
  }
  result.series.resize(static_cast<std::int64_t>(rows.size()));
  noise_table(result.schema.series(), cohort.series, result.series,
              [&](std::int64_t i) { return rows[static_cast<std::size_t>(i)]; }, noise.mu, source);
  if (result.schema.time.empty()) return;
  result.times.resize(result.series.rows());
  for (std::int64_t i = 0; i < result.series.rows(); ++i) {
    result.times.set_number(i, public_time(result.schema.time_spec, places[static_cast<std::size_t>(i)]));
  }
}

}  // namespace

void check_codes(const ColumnSpec& column) {
  if (!is_set(column.type)) return;
  if (!column.is_public) {
    fail(ErrorKind::input,
         "the codes of column '{}' were read off the data, and codes cannot be bought; declare its categories from a "
         "public list, or leave it out of the schema",
         column.name);
  }
  if (!column.max_codes) {
    fail(ErrorKind::usage, "the schema does not say how many codes of a cell of '{}' may count; declare its max_codes",
         column.name);
  }
}

void check_cell_noise(const Schema& schema) {
  for (const ColumnSpec& column : schema.columns) {
    if (!is_set(column.type)) continue;
    fail(ErrorKind::usage,
         "column '{}' holds codes, for which there is no noise on cells; leave it out of the schema, or choose a "
         "generator that buys shares of codes (independent)",
         column.name);
  }
}

void check_public(const Schema& schema, bool will_buy) {
  if (schema.has_series() && !schema.max_rows) {
    fail(ErrorKind::input, "the schema does not say how many rows of a subject may count; declare max_rows under [schema]");
  }
  for (const ColumnSpec& column : schema.columns) {
    check_codes(column);
    const bool bounded = !is_numeric(column.type) || (column.minimum && column.maximum);
    if (will_buy || (bounded && column.is_public)) continue;
    fail(ErrorKind::input,
         "column '{}' has no public {}; declare them in the schema, or buy them with a share of the budget (schema_share "
         "under [privacy], --schema-share)",
         column.name, is_categorical(column.type) ? "categories" : "minimum and maximum");
  }
}

std::vector<PrivacyEvent> cell_events(const Schema& schema, const CellNoise& noise, std::int64_t records) {
  std::vector<PrivacyEvent> events;
  add_events(schema.statics(), noise, records, events);
  if (!schema.has_series()) return events;
  add_events(schema.series(), noise, records * noise.rows, events);
  events.push_back({.what = "whether there is a row", .kind = EventKind::randomised_response,
                    .epsilon = pure_epsilon(noise.mu), .choices = 2, .count = records * noise.rows});
  return events;
}

CellNoise share_noise(const Schema& schema, std::int64_t records, double mu) {
  check_public(schema);
  check_cell_noise(schema);
  const auto noise_at = [&](double one) { return CellNoise{.rows = schema.max_rows.value_or(1), .mu = one}; };
  return noise_at(share_mu(mu, [&](double one) { return cell_events(schema, noise_at(one), records); }));
}

Cohort add_cell_noise(const Cohort& cohort, std::int64_t records, const CellNoise& noise, NoiseSource& source) {
  Cohort result = make_cohort(cohort.schema);
  const auto order = shuffled(records, source);
  for (std::int64_t s = 0; s < records; ++s) result.subjects.push_back(std::to_string(s + 1));
  result.statics.resize(records);
  noise_table(cohort.schema.statics(), cohort.statics, result.statics,
              [&](std::int64_t i) {
                const std::int64_t s = order[static_cast<std::size_t>(i)];
                return s < cohort.size() ? s : -1;
              },
              noise.mu, source);
  if (cohort.schema.has_series()) noise_series(cohort, order, noise, source, result);
  return result;
}

}  // namespace understudy
