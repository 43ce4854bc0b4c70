// A metric compares a synthetic cohort with real ones and returns findings. Findings on real people are inside.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "understudy/cohort.h"
#include "understudy/context.h"
#include "understudy/finding.h"
#include "understudy/learner.h"

namespace understudy {

// The same schema in all three. Members trained the generator; the holdout did not.
struct Evaluation {
  const Cohort& train;
  const Cohort& holdout;
  const Cohort& synthetic;
  const Learner* learner = nullptr;  // for metrics that fit a recurrent network; null where this build has none
};

struct MetricEntry {
  std::string_view name;     // "ks", "correlation"
  std::string_view group;    // "fidelity", "utility", "fairness", "diagnostic": the key of report.json
  std::string_view summary;  // one sentence
  std::vector<Finding> (*evaluate)(const Evaluation& evaluation, const Context& context);
  bool learns = false;       // uses the learner, which takes a moment to open
};

std::span<const MetricEntry> metrics();
const MetricEntry& find_metric(std::string_view name);  // ErrorKind::usage with the known names

}  // namespace understudy
