// Codes of a folder (diagnoses): sets for each person or visit, in the vocabulary of a column.
#pragma once

#include "cohort/clinical/events.h"

namespace understudy {

// Fills the columns of type codes: static ones with a person's of all rows of `chosen`, others, by visits, with each visit's. A category is a code or the beginning of codes: "icd10:I50" holds every code
// that starts so, and of several categories that fit, the longest. Codes that no category holds are left out and
// counted. Where the schema has max_codes, the first in the order of the vocabulary stay.
void read_codes(Folder& folder, const Layout& layout, const Stays& stays, const Window& window, Cohort& cohort,
                MeasurementProblems& problems);

}  // namespace understudy
