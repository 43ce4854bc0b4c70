// eICU Collaborative Research Database in the publisher's layout (Pollard et al., Sci Data 2018;5:180178). A stay is a
// unit stay (patientunitstayid), the person is uniquepid; its clock counts minutes from the admission to the unit.
// "> 89" years is 90 here. A person's stays come in the order of discharge year, hospital stay, unit visit: the
// database has no order of hospital stays inside a year.
#pragma once

#include "cohort/clinical/layout.h"

namespace understudy {

extern const Layout kEicu;

}  // namespace understudy
