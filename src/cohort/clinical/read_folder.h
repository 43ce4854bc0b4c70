// Reads a clinical folder into a cohort, in the terms of the schema.
//
// The subject is the person; the first stay of each person counts. A static column that the layout's stays have is read
// from there; any other column is a variable: its catalogue entry (else its name) names the concept, the concept names
// the items. Several values in one step of the time become one by the column's aggregate. A person whose stay has no
// measurement has no series row.
#pragma once

#include "cohort/clinical/layout.h"
#include "understudy/reader.h"

namespace understudy {

// Wrong cells, values outside the column's bounds, unknown units, times before the admission or after the death:
// options.bad_cells. The same item, minute and value twice: options.duplicates. Nothing else is dropped without being
// counted in report.left_out. ErrorKind::input for a missing table or column, a schema that a clinical folder cannot
// fill, a static column that nothing fills.
Cohort read_folder(const Layout& layout, std::span<const Source> sources, const Schema& schema,
                   const ReadOptions& options, ReadReport& report, const Context& context);

}  // namespace understudy
