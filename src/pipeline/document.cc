#include "pipeline/document.h"

#include <algorithm>
#include <cmath>

#include "privacy/noise/source.h"
#include "privacy/odds.h"
#include "report/page.h"
#include "understudy/error.h"
#include "understudy/report.h"
#include "understudy/version.h"

namespace understudy {
namespace {

using nlohmann::ordered_json;

constexpr std::string_view kStamp = "NOT PRIVATE";

std::string role(const Schema& schema, const ColumnSpec& column) {
  std::vector<std::string> roles;
  roles.push_back(column.is_static || !schema.has_series() ? "static" : "series");
  if (column.is_target) roles.push_back("target");
  if (column.is_sensitive) roles.push_back("sensitive");
  return fmt::format("{}", fmt::join(roles, ", "));
}

std::string range_text(const ColumnSpec& column) {
  if (is_categorical(column.type)) return fmt::format("{} categories", column.categories.size());
  if (is_set(column.type)) {
    const std::string most = column.max_codes ? fmt::format(", at most {} in a cell", *column.max_codes) : "";
    return fmt::format("{} codes{}", column.categories.size(), most);
  }
  if (!column.minimum || !column.maximum) return "";
  const std::string range = fmt::format("{} to {}", *column.minimum, *column.maximum);
  return column.catalogue.empty() ? range : fmt::format("{} (catalogue: {})", range, column.catalogue);
}

ordered_json columns_of(const Schema& schema) {
  ordered_json result = ordered_json::array();
  for (const ColumnSpec& column : schema.columns) {
    result.push_back({{"name", column.name}, {"type", to_string(column.type)}, {"unit", column.unit},
                      {"role", role(schema, column)}, {"range", range_text(column)}, {"public", column.is_public}});
  }
  return result;
}

std::int64_t row_count(const Cohort& cohort) {
  return cohort.schema.has_series() ? cohort.series.rows() : cohort.statics.rows();
}

ordered_json data_section(const RunFacts& facts, const Parts& parts) {
  const Schema& schema = parts.train.schema;
  ordered_json problems = ordered_json::array();
  for (const auto& problem : facts.read.problems) {
    problems.push_back({{"file", problem.file}, {"column", problem.column}, {"what", problem.what},
                        {"count", problem.count}, {"lines", problem.lines}, {"places", problem.places}});
  }
  ordered_json left_out = ordered_json::array();
  for (const auto& records : facts.read.left_out) {
    left_out.push_back({{"file", records.file}, {"what", records.what}, {"count", records.count}});
  }
  return {{"schema", schema.name},
          {"unit", unit_of(schema)},
          {"subjects", {{"total", facts.subjects_total}, {"train", parts.train.size()},
                        {"holdout", parts.holdout.size()}, {"synthetic", parts.synthetic.size()}}},
          {"rows", {{"train", row_count(parts.train)}, {"holdout", row_count(parts.holdout)},
                    {"synthetic", row_count(parts.synthetic)}}},
          {"columns", columns_of(schema)},
          {"problems", problems},
          {"left_out", left_out}};
}

ordered_json number_or_infinite(double value) {
  return std::isinf(value) ? ordered_json("infinite") : ordered_json(value);
}

bool is_private(const RunFacts& facts) { return facts.guarantee && !noise_is_seeded(); }

std::string guarantee_words(const GuaranteeFacts& given) {
  return fmt::format("This release costs epsilon {:.4g} at delta {:.3g} for one {}; the data set may ever spend epsilon {:.4g}.",
                     given.epsilon, given.limit.delta, given.limit.unit, given.limit.epsilon);
}

std::vector<std::string> plain_words(const RunFacts& facts) {
  const auto count = [&](std::string_view kind) {
    return std::count_if(facts.events.begin(), facts.events.end(), [&](const Event& e) { return e.kind == kind; });
  };
  std::vector<std::string> sentences;
  sentences.push_back(fmt::format("The ledger lists {} loads of the records and {} looks at them. Their results stay inside; none was charged.",
                                  count("load"), count("look")));
  if (count("plan") > 0) {
    sentences.push_back(fmt::format("{} {} of noisy looks {} charged.", count("plan"), count("plan") == 1 ? "plan" : "plans",
                                    count("plan") == 1 ? "was" : "were"));
  }
  if (facts.guarantee) sentences.push_back(guarantee_words(*facts.guarantee));
  const auto declassified = count("declassify");
  if (declassified > 0) {
    sentences.push_back(fmt::format("{} {} made without a guarantee {} allowed to leave. That costs infinite epsilon: nothing bounds what can be learnt about a person in the training data.",
                                    declassified, declassified == 1 ? "model" : "models", declassified == 1 ? "was" : "were"));
  }
  if (!facts.reason.empty()) sentences.push_back("The reason given: " + facts.reason);
  return sentences;
}

ordered_json guarantee_json(const RunFacts& facts) {
  if (!is_private(facts)) return nullptr;
  const GuaranteeFacts& given = *facts.guarantee;
  return {{"unit", given.limit.unit}, {"neighbours", to_string(given.limit.neighbours)}, {"epsilon", given.epsilon},
          {"delta", given.limit.delta}, {"accountant", given.accountant}, {"mu", given.cost.mu},
          {"limit_epsilon", given.limit.epsilon}, {"limit_delta", given.limit.delta}};
}

ordered_json privacy_section(const RunFacts& facts, const Schema& schema) {
  ordered_json events = ordered_json::array();
  for (const Event& event : facts.events) {
    events.push_back({{"kind", event.kind}, {"part", event.part}, {"purpose", event.purpose}, {"side", event.side},
                      {"epsilon", number_or_infinite(event.epsilon)}, {"when", event.when}});
  }
  return {{"guarantee", guarantee_json(facts)}, {"reason", facts.reason}, {"unit", unit_of(schema)},
          {"epsilon", number_or_infinite(facts.guarantee ? facts.guarantee->epsilon : epsilon_spent(facts.events))},
          {"delta", facts.guarantee ? facts.guarantee->limit.delta : 0.0},
          {"ledger", facts.ledger}, {"events", events}, {"plain", plain_words(facts)}};
}

ordered_json findings_of(const Assessment& assessment, std::string_view group) {
  ordered_json result = ordered_json::array();
  const auto it = assessment.findings.find(std::string(group));
  if (it == assessment.findings.end()) return result;
  for (const Finding& finding : it->second) result.push_back(to_json(finding));
  return result;
}

double value_of(const Assessment& assessment, std::string_view name) {
  for (const auto& [group, findings] : assessment.findings) {
    for (const Finding& finding : findings) {
      if (finding.name == name && finding.columns.empty()) return finding.value;
    }
  }
  return 0;
}

ordered_json run_section(const RunFacts& facts) {
  ordered_json options = ordered_json::object();
  std::string mode = "none";
  for (const auto& [name, value] : facts.options) {
    options[name] = value;
    if (name == "mode") mode = value;
  }
  ordered_json seconds = ordered_json::object();
  for (const auto& [stage, value] : facts.seconds) seconds[stage] = value;
  return {{"name", facts.name}, {"command", facts.command}, {"generator", facts.generator}, {"mode", mode},
          {"options", options}, {"seed", facts.seed}, {"understudy_version", kVersion}, {"private", is_private(facts)},
          {"stamp", is_private(facts) ? "" : kStamp}, {"seconds", seconds}, {"sources", facts.sources}};
}

}  // namespace

Verdict decide(const RunFacts& facts, const Assessment& assessment) {
  std::vector<std::string> reasons;
  const double violations = value_of(assessment, "rule_violations");
  if (violations > 0) reasons.push_back(fmt::format("{} synthetic records break a rule of the schema.", violations));
  if (facts.generator.empty()) {
    reasons.insert(reasons.begin(), "Another tool made these data; nothing is known about how, so nothing is guaranteed.");
    return {"not private", "No privacy guarantee is known for these data.", reasons};
  }
  if (is_private(facts)) {
    const GuaranteeFacts& given = *facts.guarantee;
    const double sure = posterior(0.5, given.epsilon, given.limit.delta);
    reasons.insert(reasons.begin(), fmt::format("Whoever is 50 % sure that a given {} is in the data can become at most {} % sure from this release, up to a chance of {:.3g}.",
                                                given.limit.unit, percent_at_most(sure), given.limit.delta));
    return {"release", guarantee_words(given), reasons};
  }
  if (!facts.released) {
    reasons.insert(reasons.begin(), "The generator keeps training records, so neither its model nor its samples may leave.");
    return {"reject", "Nothing was released: the generator keeps training records.", reasons};
  }
  reasons.insert(reasons.begin(), "The model was trained without privacy and declassified: " + facts.reason);
  return {"not private", "These synthetic data carry no privacy guarantee.", reasons};
}

// What the first screen shows; names that the run has no finding for are passed over.
std::vector<std::string> headline(const Schema& schema) {
  std::vector<std::string> names = {"ks_mean", "correlation_difference_pearson", "discriminator_auc", "near_copies", "rule_violations"};
  if (schema.has_series()) {
    names.insert(names.begin() + 2, {"discriminative_score", "autocorrelation_difference_mean", "informative_missingness_difference_mean"});
  }
  return names;
}

ordered_json make_report(const RunFacts& facts, const Parts& parts, const Assessment& assessment) {
  const Verdict verdict = decide(facts, assessment);
  return {
      {"format", "understudy-report"},
      {"version", 1},
      {"run", run_section(facts)},
      {"data", data_section(facts, parts)},
      {"privacy", privacy_section(facts, parts.train.schema)},
      {"fidelity", {{"findings", findings_of(assessment, "fidelity")}, {"charts", assessment.charts}}},
      {"utility", {{"findings", findings_of(assessment, "utility")}}},
      {"fairness", {{"findings", findings_of(assessment, "fairness")}}},
      {"audit", {{"findings", findings_of(assessment, "diagnostic")},
                 {"note", "Distances to training records are diagnostics. They do not show privacy and decide nothing."}}},
      {"verdict", {{"decision", verdict.decision}, {"summary", verdict.summary}, {"reasons", verdict.reasons},
                   {"headline", headline(parts.train.schema)}}}};
}

}  // namespace understudy
