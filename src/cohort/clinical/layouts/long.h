// One table with a row for each measurement: subject, time, variable, value and, where it is there, unit. The file's
// own names for these five stand in the source's rename; its variables are called as the columns of the schema. The
// time is a number of steps of the schema's time (hours where time_unit is "h"; fractions are possible), H:MM since the
// start (with seconds or without), or a date and time, which counts from the person's first. One stay for each person.
#pragma once

#include "cohort/clinical/layout.h"

namespace understudy {

extern const Layout kLong;

}  // namespace understudy
