// PhysioNet/Computing in Cardiology Challenge 2019 (Reyna et al., Crit Care Med 2020;48:210-217): a folder of files,
// one for each person (p000001.psv), one row for each hour in the unit. One stay for each person; hour 0 is ICULOS 1.
// Who died is not known.
#pragma once

#include "cohort/clinical/layout.h"

namespace understudy {

extern const Layout kPhysionet2019;

}  // namespace understudy
