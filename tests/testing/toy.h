// Small made-up cohorts for tests: every column type, missing values, a constraint, and variants that are hard to
// learn.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "understudy/cohort.h"

namespace understudy::testing {

// What is planted once in each toy cohort, so that a search can tell whether a model keeps records.
inline constexpr double kSentinelNumber = 48213.25;
inline constexpr std::string_view kSentinelText = "zebra-7d1f-note";
inline constexpr std::string_view kKeyPrefix = "toy-person-";

// Daily rows with a time column: statics age, sex, note (text), history (codes); series steps, active + resting <=
// 1440, load (real without bounds), mood (ordinal), worn (boolean, never missing), found (codes, at most 2 in a cell;
// its last code is nobody's). A tenth of most values is missing.
Cohort toy_days(std::int64_t subjects, std::int64_t rows_each, std::uint64_t seed = 1);

// One row a person, no series: the statics of toy_days, and load as a column of the person.
Cohort toy_table(std::int64_t subjects, std::uint64_t seed = 1);

// The same cohort with one column made constant, or without any value.
Cohort with_constant(Cohort cohort, std::string_view column);
Cohort with_all_missing(Cohort cohort, std::string_view column);
// The same cohort without its codes columns.
Cohort without_codes(const Cohort& cohort);

// The same cohort with a schema that is public throughout: bounds for load, at most 9 rows each, so many subjects.
Cohort with_public_schema(const Cohort& cohort, std::int64_t subjects);

}  // namespace understudy::testing
