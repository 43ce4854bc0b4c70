// How a cohort fares with the general clinical rules (metrics/clinical_tables.h).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "understudy/cohort.h"

namespace understudy {

// One rule over columns of the schema.
struct CheckedRule {
  std::string says;
  std::vector<std::string> columns;
  std::int64_t broken = 0;
  std::int64_t checked = 0;

  void check(bool holds) {
    checked += 1;
    broken += !holds;
  }
};

// The rules whose columns the schema has; cohorts of one schema get the same rules in the same order.
std::vector<CheckedRule> check_clinical_rules(const Cohort& cohort);

}  // namespace understudy
