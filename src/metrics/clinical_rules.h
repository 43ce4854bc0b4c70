// Rules that hold for every patient, whatever the schema says: a diastolic pressure is at most the systolic one, nobody
// is measured after death. metrics/clinical_tables.h is the list.
//
// A column takes part when its catalogue entry is known: by ColumnSpec::catalogue, else by its name as match_catalogue
// (cohort/catalogue.h) reads it. Invasive pressures are compared with invasive ones and non-invasive with non-invasive,
// as their names say; where two columns fit one place of a rule, the rule is left out rather than guessed. Times of
// death and lengths of stay are known by name.
//
// A check is a row (a person, for rules over static columns alone; a person with two values or more, for rules that a
// column stays the same) where all that the rule needs is there; of rules of codes, a cell with such a code of somebody
// whose sex or age is known (metrics/clinical_codes.h). Real data break such rules too, by errors of measurement and of
// recording: the reference is their own share of broken checks, train and holdout together.
#pragma once

#include <vector>

#include "understudy/metric.h"

namespace understudy {

// No finding where no rule applies.
std::vector<Finding> evaluate_clinical_rules(const Evaluation& evaluation, const Context& context);

}  // namespace understudy
