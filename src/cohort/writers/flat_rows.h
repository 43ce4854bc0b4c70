// A cohort as one flat table that DuckDB can read from: subject, time, statics, series; no copy is made.
#pragma once

#include <memory>
#include <string>

#include "cohort/chunk_source.h"
#include "understudy/cohort.h"
#include "understudy/context.h"
#include "understudy/reader.h"

namespace understudy {

struct FlatForm {
  bool text_reals = false;  // reals as text: the column's decimals, or the fewest digits that read back the same (CSV)
  bool text_times = false;  // dates and datetimes as text in the column's format or ISO 8601 (CSV, JSON)
};

// Columns c0, c1, ...: the subject's key (unless rows are people), the time, statics, series. The cohort must live longer.
std::unique_ptr<ChunkSource> flat_rows(const Cohort& cohort, const FlatForm& form = {});

// Writes the cohort to `path` with COPY (`copy_options`: "FORMAT parquet"), complete or not at all. The same cohort
// gives the same bytes. A subject without series rows has no row; `context` is warned.
WriteReport copy_cohort(const Cohort& cohort, const std::string& path, const FlatForm& form, const std::string& copy_options,
                 const Context& context);

}  // namespace understudy
