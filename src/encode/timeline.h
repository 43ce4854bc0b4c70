// How many rows a subject has and how far apart they are: the scaffold on which generators hang their rows.
#pragma once

#include <limits>
#include <nlohmann/json.hpp>
#include <vector>

#include "encode/marginal.h"
#include "understudy/cohort.h"

namespace understudy {

struct Timeline {
  Marginal rows;      // rows per subject, integer
  Marginal gap;       // time between neighbouring rows, in the unit of the schema's time column; no mass without time
  double origin = 0;  // time of every subject's first row: the schema's public minimum, else 1 January 2000 for dates
                      // and datetimes, else 0; never a real date
  double end = std::numeric_limits<double>::infinity();  // the schema's maximum: rows after it are left out

  // Times of one synthetic subject, ascending from the origin. Size: the number of rows drawn, or as many as fit before
  // the end. Without a time column: 0, 1, 2, ...
  std::vector<double> sample(Rng& rng) const;
};

// Looks at raw data: call inside a vault's look. Gaps of dates and datetimes are cut on a grid of the largest of week,
// day, hour, minute, second that divides all of them. Without a series: no rows, no gap.
Timeline learn_timeline(const Cohort& cohort);
nlohmann::json to_json(const Timeline& timeline);
Timeline timeline_from_json(const nlohmann::json& json);  // ErrorKind::input when it is none

// A synthetic cohort with keys "1", "2", ..., drawn timelines, and statics and series of the right size, all missing.
// The same rng gives the same cohort. `timeline` is ignored when the schema has no series.
Cohort scaffold(const Schema& schema, const Timeline& timeline, std::int64_t subjects, const Rng& rng);

}  // namespace understudy
