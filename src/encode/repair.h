// Makes decoded rows keep the schema: bounds, rounding, constraints.
#pragma once

#include "understudy/cohort.h"

namespace understudy {

// Clamps to bounds and rounds to the step; a value that is not a number becomes missing, or the lower bound where the
// column is not nullable. Undeclared codes are left out, and so are those after the first max_codes of a cell. Then
// repairs each record that breaks a constraint: less_equal lowers the first column to the second (or to its minimum,
// then raises the second); sum_at_most scales the columns down in proportion (none below its minimum) and rounds down.
// Subject-level columns are changed only when a constraint has no series column. After it,
// constraint_violations(cohort) is all zeros when the schema's bounds allow it. Idempotent.
void repair(Cohort& cohort);

}  // namespace understudy
