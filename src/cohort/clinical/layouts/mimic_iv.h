// MIMIC-IV: the folders hosp and icu in the publisher's layout (Johnson et al., Sci Data 2023;10:1). A stay is an
// intensive-care stay (icustays); its clock is the patient's shifted calendar.
#pragma once

#include "cohort/clinical/layout.h"

namespace understudy {

extern const Layout kMimicIv;

}  // namespace understudy
