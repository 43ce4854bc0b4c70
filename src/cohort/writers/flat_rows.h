// A cohort as one flat table that DuckDB can read from: subject, time, statics, series; no copy is made.
#pragma once

#include <string>

#include "cohort/database.h"
#include "understudy/cohort.h"
#include "understudy/context.h"

namespace understudy {

struct FlatForm {
  bool text_reals = false;  // reals as text: the column's decimals, or the fewest digits that read back the same (CSV)
  bool text_times = false;  // dates and datetimes as text in the column's format or ISO 8601 (CSV, JSON)
};

// Writes the cohort to `path` with COPY (`copy_options`: "FORMAT parquet"), complete or not at all. The same cohort
// gives the same bytes. A subject without series rows has no row; `context` is warned.
void copy_cohort(const Cohort& cohort, const std::string& path, const FlatForm& form, const std::string& copy_options,
                 const Context& context);

}  // namespace understudy
