// A Fitabase export of Fitbit data (Furberg et al., Zenodo 2016, doi:10.5281/zenodo.53894): dailyActivity_merged and,
// where they are there, sleep, weight, hours and minutes. A person's stay goes from the first midnight to the end of
// the last day of the tables of days and hours. Items are called as the publisher's columns: of days plainly
// (TotalSteps, Calories), of hours, minutes and seconds with the table (hourlySteps.StepTotal, minuteMETs.METs). Values
// of a day stand at its midnight. Readings of the heart are averaged over each minute.
#pragma once

#include "cohort/clinical/layout.h"

namespace understudy {

extern const Layout kFitbit;

}  // namespace understudy
