// PhysioNet/Computing in Cardiology Challenge 2012 (Silva et al., Comput Cardiol 2012;39:245-248): a folder of text
// files, one for each stay (set-a/132539.txt), or all rows of a set in one table (set-a.csv.gz: RecordID, Time,
// Parameter, Value); Outcomes-a.txt beside either gives the outcomes. One stay for each person; its clock counts from
// the admission to the unit. -1 is how the publisher writes "not known".
#pragma once

#include "cohort/clinical/layout.h"

namespace understudy {

extern const Layout kPhysionet2012;

}  // namespace understudy
