// The report.json document (docs/formats/report.md) from the facts of a run.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "pipeline/statement.h"
#include "pipeline/steps.h"

namespace understudy {

struct RunFacts {
  std::string name;
  std::string command;               // "run", "evaluate"
  std::string generator;             // empty: another tool made the data
  std::vector<std::pair<std::string, std::string>> options;
  std::uint64_t seed = 0;
  std::vector<std::string> sources;
  std::vector<std::pair<std::string, double>> seconds;
  std::string ledger;
  std::vector<Event> events;
  ReadReport read;
  std::int64_t subjects_total = 0;
  bool released = false;
  std::string reason;                // of the declassification
  std::optional<GuaranteeFacts> guarantee;
};

struct Parts {
  const Cohort& train;
  const Cohort& holdout;
  const Cohort& synthetic;
};

struct Verdict {
  std::string decision;
  std::string summary;
  std::vector<std::string> reasons;
};
Verdict decide(const RunFacts& facts, const Assessment& assessment);

nlohmann::ordered_json make_report(const RunFacts& facts, const Parts& parts, const Assessment& assessment);

}  // namespace understudy
