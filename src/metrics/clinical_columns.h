// Which column of a schema is what a clinical rule speaks of, and how long its times are.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "understudy/schema.h"

namespace understudy {

// The column's entry of the public catalogue: ColumnSpec::catalogue, else what its name means; empty: not known.
std::string_view catalogue_entry_of(const ColumnSpec& spec);

// Whether the name is that of a non-invasive blood pressure.
bool is_noninvasive(const std::string& name);

// The numeric column for this entry among invasive (or all other), or among non-invasive ones; nullptr when there is
// none or more than one.
const ColumnSpec* column_for(const Schema& schema, std::string_view entry, bool noninvasive);

// Whether the name or catalogue entry of a column, without case and punctuation, is one of `names` ('|' between them).
bool is_named(const ColumnSpec& spec, std::string_view names);

bool is_calendar(ColumnType type);  // date, datetime

// Hours of one unit of the time column (dates: days, datetimes: microseconds); none where neither its unit nor its name
// tells, or there is no time column.
std::optional<double> hours_of_time_unit(const Schema& schema);

}  // namespace understudy
