// The stays of a written folder: keys, made-up dates, lengths, and what the cohort says of each.
#pragma once

#include <cstdint>
#include <vector>

#include "understudy/cohort.h"
#include "understudy/context.h"

namespace understudy {

// What a cohort by visits may call the days from the end of the visit before (stays.h gives it when it is read).
inline constexpr const char* kDaysSincePrevious = "days_since_previous";

// Whether a row of the cohort is a visit.
bool is_by_visit(const Schema& schema);

struct WrittenVisits {
  std::vector<std::int64_t> keys;   // of each person: its own where all are whole numbers, so that no two become one
  std::vector<std::int64_t> first;  // of each person: the number of the first visit; the key where there is one each
  std::int64_t step = 1;            // minutes of a step of the cohort's time; 0: a row is a visit
  // One row for each visit, static columns alone: key, visit, minutes (length), origin (start), then static columns and,
  // by visit, those of the rows.
  Cohort table;

  bool by_visit() const { return step == 0; }
};

// Each person's first visit starts on a day of the years 2100 to 2149 that `context.seed` draws; later ones follow after
// their kDaysSincePrevious. A stay is as long as its length_of_stay_hours, and up to the end of the last step; a visit of
// which nobody says how long, and a distance of which nobody says how far, is a day.
WrittenVisits written_visits(const Cohort& cohort, const Context& context);

}  // namespace understudy
