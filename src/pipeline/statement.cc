#include "pipeline/statement.h"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "privacy/odds.h"
#include "report/page.h"
#include "understudy/error.h"
#include "understudy/version.h"
#include "vault/release/verify.h"

namespace understudy {
namespace {

using nlohmann::ordered_json;
using Sentences = std::vector<std::string>;

constexpr double kPriors[] = {0.01, 0.1, 0.5, 0.9};
constexpr double kFalseAlarms = 0.01;

// JSON has no infinity.
ordered_json number(double value) { return std::isfinite(value) ? ordered_json(value) : ordered_json(nullptr); }


// --- what was public

// A bound as a person reads it: dates as dates (years 1 to 9999), numbers as numbers.
std::string bound_text(const ColumnSpec& column, double value) {
  constexpr double kDay = 86400e6;  // microseconds
  const bool is_time = column.type == ColumnType::date || column.type == ColumnType::datetime;
  const double days = std::floor(column.type == ColumnType::datetime ? value / kDay : value);
  if (!is_time || days < -719162 || days > 2932896) return fmt::format("{}", value);
  const std::chrono::year_month_day day{std::chrono::sys_days(std::chrono::days(static_cast<int>(days)))};
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(day.year()), static_cast<unsigned>(day.month()),
                     static_cast<unsigned>(day.day()));
}

std::string range_text(const ColumnSpec& column) {
  if (!column.is_public) return "";
  if (is_categorical(column.type)) return fmt::format("{} categories", column.categories.size());
  if (is_set(column.type)) {
    const std::string most = column.max_codes ? fmt::format(", at most {} in a cell", *column.max_codes) : "";
    return fmt::format("{} codes{}", column.categories.size(), most);
  }
  if (!column.minimum || !column.maximum) return "";
  return fmt::format("{} to {}", bound_text(column, *column.minimum), bound_text(column, *column.maximum));
}

ordered_json column_json(const ColumnSpec& column) {
  ordered_json result = {{"name", column.name},         {"type", to_string(column.type)}, {"unit", column.unit},
                         {"range", range_text(column)}, {"catalogue", column.catalogue},  {"public", column.is_public}};
  if (column.is_bought) result["bought"] = true;
  if (!column.is_public) return result;
  if (column.minimum) result["minimum"] = number(*column.minimum);
  if (column.maximum) result["maximum"] = number(*column.maximum);
  if (!column.categories.empty()) result["categories"] = column.categories;
  return result;
}

ordered_json public_json(const Schema& schema) {
  ordered_json columns = ordered_json::array();
  if (!schema.time.empty()) columns.push_back(column_json(schema.time_spec));
  if (!schema.time.empty()) columns.back()["name"] = schema.time;
  for (const ColumnSpec& column : schema.columns) columns.push_back(column_json(column));
  return {{"schema", schema.name},
          {"subject", schema.subject},
          {"subjects", schema.subjects ? ordered_json(*schema.subjects) : ordered_json(nullptr)},
          {"columns", columns}};
}

// --- what is promised

std::string neighbours_words(Neighbours neighbours, std::string_view unit) {
  switch (neighbours) {
    case Neighbours::add_remove:
      return fmt::format("one {} took part or did not", unit);
    case Neighbours::replace_one:
      return fmt::format("one {} took part or another in its place", unit);
    case Neighbours::zero_out:
      break;
  }
  return fmt::format("one {}'s record is used or an empty one in its place", unit);
}

ordered_json odds_json(const GuaranteeFacts& facts) {
  ordered_json posteriors = ordered_json::array();
  for (const double prior : kPriors) {
    posteriors.push_back({{"prior", prior},
                          {"release", posterior(prior, facts.epsilon, facts.limit.delta)},
                          {"limit", posterior(prior, facts.limit.epsilon, facts.limit.delta)}});
  }
  const auto both = [&](auto share) {
    return ordered_json{{"release", share(facts.cost)}, {"limit", share(facts.allowed)}};
  };
  return {{"posterior", posteriors},
          {"right_guesses", both(right_guesses)},
          {"area_under_curve", both(area_under_curve)},
          {"found",
           {{"false_alarms", kFalseAlarms},
            {"release", found(facts.cost, kFalseAlarms)},
            {"limit", found(facts.allowed, kFalseAlarms)}}}};
}

bool uses(const Plan& plan, bool (*wanted)(const PrivacyEvent&)) {
  return std::any_of(plan.events.begin(), plan.events.end(), wanted);
}
bool is_continuous(const PrivacyEvent& event) {
  return event.kind == EventKind::gaussian || event.kind == EventKind::laplace;
}
bool is_discrete(const PrivacyEvent& event) {
  return event.kind == EventKind::discrete_gaussian || event.kind == EventKind::discrete_laplace;
}
bool is_sampled(const PrivacyEvent& event) { return event.rate < 1; }

std::string subject_assumption(const Schema& schema) {
  if (schema.row_is_subject()) {
    return "One row is one subject. A person who stands in k rows is protected k times less.";
  }
  const std::string unit = unit_of(schema);
  return fmt::format("One {0} is one value of the column '{1}'. A person {2} k {3} is protected k times less.", unit,
                     schema.subject, unit == "stay" ? "with" : "under", unit == "stay" ? "stays" : "values");
}

Sentences assumptions(const Plan& plan, const Schema& schema) {
  Sentences result{subject_assumption(schema)};
  result.push_back(
      "The schema was written from public knowledge: names, types, units, bounds, categories and rules of the columns "
      "say nothing about these people.");
  const auto bought = [](const ColumnSpec& column) { return column.is_bought; };
  if (std::any_of(schema.columns.begin(), schema.columns.end(), bought)) {
    result.push_back(
        "Bounds and categories that are marked as bought were found by mechanisms of this plan, and are part of its cost.");
  }
  if (schema.max_rows) {
    result.push_back(fmt::format("Of one person at most {} rows count; that number was chosen without looking.",
                                 *schema.max_rows));
  }
  if (schema.subjects) result.push_back("How many people the data set holds is public.");
  if (uses(plan, is_continuous)) {
    result.push_back(
        "The cost of noise on sums of real numbers, as in training by noisy gradients, is proved in real arithmetic. "
        "What a computer's rounding changes is not counted.");
  }
  if (uses(plan, is_discrete)) result.push_back("Noise on counts is sampled exactly, on integers.");
  if (uses(plan, is_sampled))
    result.push_back("Which people take part in a step is decided by coins that nobody sees.");
  result.push_back(
      "Noise and coins come from the operating system's secure random source, and nobody who receives the data can see "
      "or repeat them.");
  result.push_back("Only the files listed here left, and everything that left before is in the same ledger.");
  return result;
}

ordered_json spends(const std::vector<Event>& events) {
  ordered_json result = ordered_json::array();
  for (const Event& event : events) {
    if (event.kind != "plan") continue;  // looks are inside: not even their purpose leaves
    result.push_back({{"purpose", event.purpose}, {"epsilon", number(event.epsilon)}, {"when", event.when}});
  }
  return result;
}

ordered_json guarantee_json(const StatementFacts& facts) {
  const GuaranteeFacts& given = *facts.guarantee;
  return {{"unit", given.limit.unit},
          {"neighbours", to_string(given.limit.neighbours)},
          {"limit",
           {{"epsilon", given.limit.epsilon},
            {"delta", given.limit.delta},
            {"mu", number(given.allowed.mu)},
            {"mu_delta", given.allowed.delta}}},
          {"release",
           {{"epsilon", number(given.epsilon)},
            {"delta", given.limit.delta},
            {"accountant", given.accountant},
            {"mu", number(given.cost.mu)},
            {"mu_delta", given.cost.delta}}},
          {"spent", number(given.spent)},
          {"spends", spends(facts.events)},
          {"odds", odds_json(given)},
          {"assumptions", assumptions(given.plan, facts.schema)}};
}

// --- in words

Sentences plain_words(const StatementFacts& facts) {
  if (facts.seeded_noise) {
    return {"There is no privacy guarantee: a test build made this release, whose noise can be repeated."};
  }
  if (!facts.guarantee) {
    return {
        "There is no privacy guarantee: nothing bounds what these data reveal about a person whose records were used "
        "to make them."};
  }
  const GuaranteeFacts& given = *facts.guarantee;
  const double sure = posterior(0.5, given.limit.epsilon, given.limit.delta);
  return {fmt::format("What this data set releases, now and later, looks almost the same whether {}: epsilon {:.4g}, "
                      "delta {:.3g}. This release alone: epsilon {:.4g}.",
                      neighbours_words(given.limit.neighbours, given.limit.unit), given.limit.epsilon,
                      given.limit.delta, given.epsilon),
          fmt::format("An attacker who is 50 % sure that a given {} is in the data can become at most {} % sure, "
                      "whatever else the attacker knows.",
                      given.limit.unit, percent_at_most(sure)),
          fmt::format("Delta is the chance that this fails: {:.3g}.", given.limit.delta)};
}

Sentences not_promised(const StatementFacts& facts) {
  const std::string unit = unit_of(facts.schema);
  return {fmt::format("Groups: for k {} together epsilon is k times as large, and delta grows faster.",
                      unit == "person" ? "people" : unit + "s"),
          "What is true of people in general: whoever learns from these data that smokers fall ill more often has "
          "learnt it about every smoker, also those who took no part.",
          "What others know already: a person may be recognised from facts that do not come from these data.",
          "That the data are right for a purpose: a finding is checked on real people before anybody acts on it."};
}

void check(const StatementFacts& facts) {
  const bool guaranteed = facts.guarantee.has_value();
  if (guaranteed != facts.declassified.empty()) {
    fail(ErrorKind::internal, "the statement of '{}' needs either a guarantee or the reason why there is none",
         facts.name);
  }
  if (guaranteed && !facts.schema.is_public()) {
    fail(ErrorKind::internal, "the statement of '{}' cannot give a guarantee: its schema was read off the data",
         facts.name);
  }
}

}  // namespace

ordered_json make_statement(const StatementFacts& facts) {
  check(facts);
  const bool promised = facts.guarantee && !facts.seeded_noise;
  return {{"format", kStatementFormat},
          {"version", kStatementVersion},
          {"stamp", promised ? "" : kNotPrivate},
          {"name", facts.name},
          {"generator", facts.generator},
          {"understudy_version", kVersion},
          {"synthetic_subjects", facts.synthetic_subjects},
          {"unit", unit_of(facts.schema)},
          {"guarantee", promised ? guarantee_json(facts) : ordered_json(nullptr)},
          {"declassified", facts.declassified},
          {"plain", plain_words(facts)},
          {"not_promised", promised ? ordered_json(not_promised(facts)) : ordered_json::array()},
          {"public", public_json(facts.schema)},
          {"plan", promised ? facts.guarantee->plan_json : ordered_json(nullptr)},
          {"dp_event", promised ? facts.guarantee->dp_event_json : ordered_json(nullptr)}};
}

}  // namespace understudy
