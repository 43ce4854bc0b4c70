// MIMIC-III in the publisher's layout (Johnson et al., Sci Data 2016;3:160035). A stay is an intensive-care stay
// (icustays); its clock is the patient's shifted calendar. Ages above 89 are hidden by births 300 years back: 90 here.
#pragma once

#include "cohort/clinical/layout.h"

namespace understudy {

extern const Layout kMimicIii;

}  // namespace understudy
