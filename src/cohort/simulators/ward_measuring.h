// When something is measured or given on the wards, and what.
#pragma once

#include "cohort/simulators/ward_variables.h"

namespace understudy {

struct WardVisit {
  std::int32_t minute = 0;      // since admission
  std::uint64_t variables = 0;  // bit v: kWardVariables[v] is written down
};
static_assert(kWardWidth <= 64);

// In time order, each minute once; the first at admission, the last at the end of the stay.
std::vector<WardVisit> draw_ward_visits(WardSite site, const WardPatient& patient, Rng& rng);

}  // namespace understudy
