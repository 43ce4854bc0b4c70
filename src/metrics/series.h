// What the metrics of series share: which columns, whose rows, and when.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "metrics/columns.h"
#include "metrics/sample.h"

namespace understudy {

// Measured columns of the series that pass the filter; none where the schema has no series.
std::vector<ColumnSpec> series_columns(const Schema& schema, ColumnFilter filter);

std::vector<std::string> names_of(const std::vector<ColumnSpec>& specs);

// Calls visit(person, first row, end row) for every person, those without rows too.
template <class Visit>
void for_each_person(const Cohort& cohort, const Visit& visit) {
  for (std::int64_t s = 0; s < cohort.size(); ++s) {
    const auto at = static_cast<std::size_t>(s);
    visit(at, static_cast<std::size_t>(cohort.offsets[at]), static_cast<std::size_t>(cohort.offsets[at + 1]));
  }
}

// The time of each series row in the time column's own unit, NaN where it is missing or infinite. Without a time
// column: 0, 1, 2 ... within each person.
std::vector<double> row_times(const Cohort& cohort);

// (value - mean) / standard deviation of the values that are there; zeros where they are all the same.
std::vector<double> standardised(std::vector<double> values);

// The last value at or before each row of the same person, NaN before the first.
std::vector<double> carried_forward(const Cohort& cohort, std::vector<double> values);

}  // namespace understudy
