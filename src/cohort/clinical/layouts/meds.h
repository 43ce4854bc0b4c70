// Medical Event Data Standard 0.3 (https://medical-event-data-standard.github.io): one event a row, in one or many
// Parquet files below data/. A stay goes from the first code that begins with ICU_ADMISSION to the next ICU_DISCHARGE;
// of a person without such codes, from HOSPITAL_ADMISSION to HOSPITAL_DISCHARGE; without these, from the first to the
// last event that has a time. Codes of the MIMIC-IV conversion (LAB//220045//bpm, LAB//RESULT//50912//mg/dL) are known
// by their item (LAB//220045, LAB//50912), and what follows it is the unit.
#pragma once

#include "cohort/clinical/layout.h"

namespace understudy {

extern const Layout kMeds;

}  // namespace understudy
