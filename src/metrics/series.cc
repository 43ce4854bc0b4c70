#include "metrics/series.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "metrics/estimate.h"

namespace understudy {

std::vector<ColumnSpec> series_columns(const Schema& schema, ColumnFilter filter) {
  if (!schema.has_series()) return {};
  std::vector<ColumnSpec> specs = measured_columns(schema);
  std::erase_if(specs, [&](const ColumnSpec& spec) { return spec.is_static || !filter(spec.type); });
  return specs;
}

std::vector<std::string> names_of(const std::vector<ColumnSpec>& specs) {
  std::vector<std::string> names;
  for (const ColumnSpec& spec : specs) names.push_back(spec.name);
  return names;
}

std::vector<double> row_times(const Cohort& cohort) {
  if (cohort.times.size() > 0) {
    std::vector<double> times = cohort.times.numbers();
    for (double& time : times) time = std::isfinite(time) ? time : kNotMeasured;
    return times;
  }
  std::vector<double> times(static_cast<std::size_t>(cohort.series.rows()));
  for_each_person(cohort, [&](std::size_t, std::size_t first, std::size_t end) {
    for (std::size_t row = first; row < end; ++row) times[row] = static_cast<double>(row - first);
  });
  return times;
}

std::vector<double> standardised(std::vector<double> values) {
  double low = std::numeric_limits<double>::infinity();
  double high = -low;
  for (const double v : values) {
    low = std::min(low, std::isnan(v) ? low : v);
    high = std::max(high, std::isnan(v) ? high : v);
  }
  const double range = high > low ? high - low : 1;
  double n = 0;
  double sum = 0;
  double squares = 0;
  for (double& v : values) {
    v = (v - low) / range;  // sums of squares of numbers within [0, 1] stay exact enough
    if (std::isnan(v)) continue;
    n += 1;
    sum += v;
    squares += v * v;
  }
  const double mean = n > 0 ? sum / n : 0;
  const double deviation = high > low ? std::sqrt(squares / n - mean * mean) : 1;
  for (double& v : values) v = (v - mean) / deviation;
  return values;
}

std::vector<double> carried_forward(const Cohort& cohort, std::vector<double> values) {
  for_each_person(cohort, [&](std::size_t, std::size_t first, std::size_t end) {
    for (std::size_t row = first + 1; row < end; ++row) {
      if (std::isnan(values[row])) values[row] = values[row - 1];
    }
  });
  return values;
}

}  // namespace understudy
