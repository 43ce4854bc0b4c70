// Writes a cohort as a clinical folder, with the tables and column names of its layout.
#pragma once

#include "cohort/clinical/layout.h"
#include "understudy/reader.h"

namespace understudy {

// The folder appears under its name when it is complete. Reading it with the cohort's schema gives the same values,
// except for what the report lists. Beside the tables lies understudy.json: format, whether the people are synthetic, and
// what was lost; with options.synthetic every row of every table has a column synthetic that is true.
//
// Dates are made up: each person's stay starts on a day of the years 2100 to 2149 that `context.seed` draws. Keys are the
// cohort's where all of them are whole numbers, else numbers from 1. A value measured in a step of the time (an hour) is
// written at the step's start, in the unit of the first item that the concept names for the layout.
// ErrorKind::usage when `path` exists; ErrorKind::input with the system's reason when it cannot be written.
WriteReport write_folder(const Layout& layout, const Cohort& cohort, const std::string& path,
                         const WriteOptions& options, const Context& context);

}  // namespace understudy
