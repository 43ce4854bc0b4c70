// Small cohorts of people with many rows in time for the tests of the metrics.
#pragma once

#include <vector>

#include "metrics/test_cohorts.h"

namespace understudy {

inline Schema timed_schema(std::vector<ColumnSpec> columns, ColumnType time = ColumnType::real) {
  Schema schema = person_schema(std::move(columns));
  schema.time = "hour";
  schema.time_spec = number_column("hour", time);
  return schema;
}

// As people_in_time, with the time of each row.
inline Cohort people_at(const Schema& schema, const std::vector<std::int64_t>& rows, const std::vector<double>& times,
                        const std::vector<std::vector<double>>& statics,
                        const std::vector<std::vector<double>>& series) {
  Cohort cohort = people_in_time(schema, rows, statics, series);
  cohort.times.resize(cohort.series.rows());
  for (std::size_t row = 0; row < times.size(); ++row) {
    if (!std::isnan(times[row])) cohort.times.set_number(static_cast<std::int64_t>(row), times[row]);
  }
  return cohort;
}

inline ColumnSpec static_column(ColumnSpec spec) {
  spec.is_static = true;
  return spec;
}

// risk and sex are static; sicker: whose lactate is high.
inline Schema small_ward_schema() {
  return timed_schema({static_column(number_column("risk")), static_column(category_column("sex", {"f", "m"})),
                       number_column("lactate"), number_column("pulse"),
                       category_column("rhythm", {"sinus", "flutter"})});
}

struct WardOptions {
  double persistence = 0.8;  // of lactate from row to row
  double informative = 1.5;  // how strongly the last measured lactate decides whether it is measured again; 0: not
  double follows = 0.8;      // how strongly pulse follows the lactate of the row before
  double stays = 0.9;        // probability that the rhythm stays
};

// One person's rows, appended to the columns.
inline void ward_stay(const WardOptions& options, Rng& rng, std::vector<double>& times,
                      std::vector<std::vector<double>>& series, double risk, std::int64_t rows) {
  double lactate = rng.normal();
  double last = 0;
  double time = 0;
  double rhythm = rng.bernoulli(0.5);
  for (std::int64_t row = 0; row < rows; ++row) {
    const double before = lactate;
    lactate = options.persistence * lactate + std::sqrt(1 - options.persistence * options.persistence) * rng.normal();
    rhythm = rng.bernoulli(options.stays) ? rhythm : 1 - rhythm;
    time += rng.exponential();
    const bool measured = rng.uniform() < 1 / (1 + std::exp(-options.informative * last));
    if (measured) last = lactate + 0.5 * risk;
    times.push_back(time);
    series[0].push_back(measured ? last : kMissing);
    series[1].push_back(rng.bernoulli(0.8) ? options.follows * before + rng.normal() : kMissing);
    series[2].push_back(rng.bernoulli(0.9) ? rhythm : kMissing);
  }
}

// 10 to 29 rows each, at irregular times.
inline Cohort ward_people(std::int64_t size, std::uint64_t seed, const WardOptions& options = {}) {
  Rng rng(seed);
  std::vector<std::int64_t> rows;
  std::vector<double> times;
  std::vector<std::vector<double>> statics(2);
  std::vector<std::vector<double>> series(3);
  for (std::int64_t i = 0; i < size; ++i) {
    rows.push_back(10 + static_cast<std::int64_t>(rng.below(20)));
    statics[0].push_back(rng.normal());
    statics[1].push_back(rng.bernoulli(0.5));
    ward_stay(options, rng, times, series, statics[0].back(), rows.back());
  }
  return people_at(small_ward_schema(), rows, times, statics, series);
}

// The same people whose series rows are dealt anew within each person; times stay.
inline Cohort shuffled_within_people(const Cohort& cohort, std::uint64_t seed) {
  Rng rng(seed);
  std::vector<std::int64_t> order;
  for (std::int64_t s = 0; s < cohort.size(); ++s) {
    std::vector<std::int64_t> own;
    const std::int64_t first = cohort.offsets[static_cast<std::size_t>(s)];
    for (std::int64_t row = 0; row < cohort.series_rows(s); ++row) own.push_back(first + row);
    rng.shuffle(own);
    order.insert(order.end(), own.begin(), own.end());
  }
  Cohort result = cohort;
  result.series = cohort.series.select(order);
  return result;
}

}  // namespace understudy
