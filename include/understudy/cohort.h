// A cohort: people, each with one static row and, where the schema says so, a series of rows in time order.
//
// A Cohort is raw data (or synthetic data of the same shape). Real ones live in a Vault (understudy/vault.h).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "understudy/random.h"
#include "understudy/schema.h"
#include "understudy/table.h"

namespace understudy {

struct Cohort {
  Schema schema;
  std::vector<std::string> subjects;   // keys, opaque: never a feature, never in a model
  Table statics;                       // [subjects.size()] rows, columns schema.statics()
  Table series;                        // rows of all subjects one after the other, columns schema.series()
  Column times{ColumnType::date};      // [series.rows()], type schema.time_spec.type; ascending inside a subject;
                                       // size 0 when the schema has no time column
  std::vector<std::int64_t> offsets;   // subject s owns series rows [offsets[s], offsets[s + 1]); {0} and empty
                                       // tables when the schema has no series

  std::int64_t size() const { return static_cast<std::int64_t>(subjects.size()); }
  std::int64_t series_rows(std::int64_t subject) const {
    const auto s = static_cast<std::size_t>(subject);
    return schema.has_series() ? offsets[s + 1] - offsets[s] : 0;
  }
  // The subject that owns each series row.
  std::vector<std::int64_t> owners() const;
  // These subjects in this order; indices may repeat (bootstrap).
  Cohort select(std::span<const std::int64_t> subjects) const;
  // One row per series row (statics repeated) or per subject where there is no series: columns statics then series.
  Table flat() const;

  bool operator==(const Cohort& other) const;  // schema names and all values
};

// An empty cohort with the right columns.
Cohort make_cohort(const Schema& schema);

// Deals the subjects into parts by a keyed hash of each subject's key, so that the order of the files does not matter.
// `shares` sum to at most 1; what is left over belongs to no part. Sizes are exact to rounding.
std::vector<std::vector<std::int64_t>> split_subjects(const Cohort& cohort, std::span<const double> shares,
                                                      const Rng& rng);

// The same records in the terms of `schema`, which has the same columns in the same order: numbers clamped to its bounds,
// categories found by their text, missing where it has no such category. Codes likewise: left out where it has no such
// category, or has as many as it counts without them. Each record by itself.
// ErrorKind::internal when a column is missing or of another type.
Cohort recode(const Cohort& cohort, const Schema& schema);

// Number of records that break each constraint of the schema, in its order.
std::vector<std::int64_t> constraint_violations(const Cohort& cohort);

}  // namespace understudy
