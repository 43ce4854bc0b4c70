// The statement document (docs/formats/statement.md): what an outsider reads beside released files.
//
// Public facts and the guarantee, nothing else: no finding on real people, no count of real subjects that the schema
// does not declare, no look of the ledger, no path.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "understudy/ledger.h"
#include "understudy/schema.h"

namespace understudy {

// What was promised, and what this release took of it.
struct GuaranteeFacts {
  Limit limit;                           // of the data set: the guarantee
  GaussianCost allowed;                  // what plans under the limit may add up to (`allowed`)
  Plan plan;                             // of this release, in the limit's relation
  GaussianCost cost;                     // of the plan, as `Ledger::reserve` charged it
  double epsilon = 0;                    // of the plan alone, at the limit's delta
  std::string accountant;                // that gave it: "pld", or "gdp" where the curve is too long to be worth it
  double spent = 0;                      // of all plans until now (`epsilon_spent`)
  nlohmann::ordered_json plan_json;      // to_json(plan)
  nlohmann::ordered_json dp_event_json;  // to_dp_event_json(plan)
};

struct StatementFacts {
  std::string name;
  std::string generator;
  std::int64_t synthetic_subjects = 0;
  Schema schema;
  std::optional<GuaranteeFacts> guarantee;
  std::string declassified;   // the reason, where there is no guarantee
  bool seeded_noise = false;  // a test build: its noise can be repeated, so nothing is guaranteed
  std::vector<Event> events;  // the ledger; of it the plans alone are quoted
};

// ErrorKind::internal unless there is either a guarantee or a reason why there is none, and when a guarantee rests on a
// column that is not public.
nlohmann::ordered_json make_statement(const StatementFacts& facts);

}  // namespace understudy
