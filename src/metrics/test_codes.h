// Small cohorts with codes for the tests of the metrics.
#pragma once

#include <string>
#include <vector>

#include "metrics/test_series.h"

namespace understudy {

using Cells = std::vector<std::vector<std::int32_t>>;

inline ColumnSpec codes_column(const std::string& name, std::vector<std::string> categories) {
  ColumnSpec spec = number_column(name, ColumnType::codes);
  spec.categories = std::move(categories);
  return spec;
}

inline std::vector<std::string> letters(std::int64_t count) {
  std::vector<std::string> result;
  for (std::int64_t i = 0; i < count; ++i) result.push_back(fmt::format("icd10:{}{:02}", static_cast<char>('A' + i / 100), i % 100));
  return result;
}

inline void fill_codes(Column& column, const Cells& cells) {
  for (std::size_t row = 0; row < cells.size(); ++row) column.set_codes(static_cast<std::int64_t>(row), cells[row]);
}

// People with one cell each in a static column "codes".
inline Cohort coded_people(const Cells& cells, std::int64_t vocabulary = 4) {
  Cohort cohort = people(person_schema({codes_column("codes", letters(vocabulary))}),
                         {std::vector<double>(cells.size(), kMissing)});
  fill_codes(cohort.statics.column(0), cells);
  return cohort;
}

// People with rows[i] visits each; the visits' cells of the series column "codes" one after the other.
inline Cohort coded_visits(const std::vector<std::int64_t>& rows, const Cells& cells, std::int64_t vocabulary = 4) {
  Schema schema = person_schema({codes_column("codes", letters(vocabulary))});
  schema.repeated = true;
  Cohort cohort = people_in_time(schema, rows, {}, {std::vector<double>(cells.size(), kMissing)});
  fill_codes(cohort.series.column(0), cells);
  return cohort;
}

// The same cohort with a static column "diagnoses" and a column "found" of the series, where there is one: two of the
// four codes stand in a third of the cells, together, and a code comes back with probability 0.6.
inline Cohort with_codes(const Cohort& cohort, std::uint64_t seed) {
  const std::vector<std::string> vocabulary = {"icd10:I10", "icd10:E11", "icd10:N40", "icd10:O80"};
  Schema schema = cohort.schema;
  schema.columns.push_back(static_column(codes_column("diagnoses", vocabulary)));
  if (schema.has_series()) schema.columns.push_back(codes_column("found", vocabulary));
  Cohort result = make_cohort(schema);
  result.subjects = cohort.subjects;
  result.offsets = cohort.offsets;
  result.times = cohort.times;
  Rng rng(seed);
  const auto copy = [&](const Table& from, Table& to) {
    to.resize(from.rows());
    for (std::size_t c = 0; c < from.width(); ++c) to.column(c) = from.column(c);
    std::vector<std::int32_t> codes;
    for (std::int64_t row = 0; row < from.rows() && to.width() > from.width(); ++row) {
      if (!rng.bernoulli(0.6)) codes.clear();
      if (rng.bernoulli(0.3)) codes = {0, 1};
      if (rng.bernoulli(0.2)) codes.push_back(rng.bernoulli(0.5) ? 2 : 3);
      to.column(from.width()).set_codes(row, codes);
    }
  };
  copy(cohort.statics, result.statics);
  copy(cohort.series, result.series);
  return result;
}

}  // namespace understudy
