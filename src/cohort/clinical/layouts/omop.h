// OMOP Common Data Model 5.x (ohdsi.github.io/CommonDataModel): person, visit_occurrence, measurement and, where they
// are there, observation and death. A stay is a visit; its clock is the calendar of the data. A date without a time of
// day stands at its midnight. The age is that of the year of birth at the start of the visit.
#pragma once

#include "cohort/clinical/layout.h"

namespace understudy {

extern const Layout kOmop;

}  // namespace understudy
