// How many rows a subject has and how far apart they are: the scaffold on which generators hang their rows.
#pragma once

#include <nlohmann/json.hpp>
#include <vector>

#include "encode/marginal.h"
#include "understudy/cohort.h"

namespace understudy {

struct Timeline {
  Marginal rows;  // rows per subject, integer
  Marginal gap;   // time between neighbouring rows, in the unit of the schema's time column; empty without time

  // Times of one synthetic subject, ascending, starting at a public origin (1 January 2000), never at a real date. Size:
  // the number of rows drawn. Without a time column: 0, 1, 2, ...
  std::vector<double> sample(Rng& rng) const;
};

// Looks at raw data: call inside a vault's look.
Timeline learn_timeline(const Cohort& cohort);
nlohmann::json to_json(const Timeline& timeline);
Timeline timeline_from_json(const nlohmann::json& json);

// A synthetic cohort with keys "1", "2", ..., drawn timelines, and statics and series of the right size, all missing.
// The same rng gives the same cohort. `timeline` is ignored when the schema has no series.
Cohort scaffold(const Schema& schema, const Timeline& timeline, std::int64_t subjects, const Rng& rng);

}  // namespace understudy
