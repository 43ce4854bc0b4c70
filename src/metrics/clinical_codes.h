// Codes against sex and age (kCodeRules of metrics/clinical_tables.h).
//
// Categories of a codes column take part when they read "icd9:..." or "icd10:..." and name at least a whole ICD category
// (three characters, "icd10:O14"). Sex is the one categorical column that is called sex or gender; F, female, woman, M,
// male and man are known. Age is the column that the catalogue knows as age.
#pragma once

#include <string_view>
#include <vector>

#include "metrics/clinical_checks.h"
#include "metrics/sample.h"

namespace understudy {

// Whether a code, or the beginning of codes, lies in one of the ranges.
bool is_in_ranges(std::string_view code, std::string_view ranges);

// Appends the rules for which the schema has codes, and sex or age. A check is a cell with such a code of somebody whose
// sex or age is known.
void check_code_rules(const CohortView& view, std::vector<CheckedRule>& rules);

}  // namespace understudy
