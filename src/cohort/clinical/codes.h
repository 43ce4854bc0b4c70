// Codes of a folder (diagnoses): sets for each person, in the vocabulary of a column.
#pragma once

#include "cohort/clinical/events.h"

namespace understudy {

// Fills the static columns of type codes. A category is a code or the beginning of codes: "icd10:I50" holds every code
// that starts so, and of several categories that fit, the longest. Codes that no category holds are left out and
// counted. Where the schema has max_codes, the first in the order of the vocabulary stay.
void read_codes(Folder& folder, const Layout& layout, const Stays& stays, Cohort& cohort, MeasurementProblems& problems);

}  // namespace understudy
