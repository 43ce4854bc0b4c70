#include "metrics/rule_violations.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "metrics/estimate.h"
#include "metrics/sample.h"

namespace understudy {
namespace {

// One rule of the schema and how a cohort fares with it.
struct Rule {
  std::string name;
  std::vector<std::string> columns;
  std::int64_t broken = 0;
  std::int64_t checked = 0;
};

void check_cells(const CohortView& view, const ColumnSpec& spec, std::vector<Rule>& rules) {
  const bool by_subject = view.per_subject(spec);
  const Column& column = (by_subject ? view.cohort().statics : view.cohort().series).column(spec.name);
  Rule required{"required_missing", {spec.name}, 0, spec.nullable ? 0 : column.size()};
  Rule values{is_numeric(spec.type) ? "out_of_bounds" : "undeclared_category", {spec.name}, 0, 0};
  const double low = is_numeric(spec.type) ? spec.minimum.value_or(-INFINITY) : 0;
  const double high =
      is_numeric(spec.type) ? spec.maximum.value_or(INFINITY) : static_cast<double>(spec.categories.size()) - 1;
  const bool bounded = std::isfinite(low) || std::isfinite(high);
  for (std::int64_t row = 0; row < column.size(); ++row) {
    const bool there = column.is_valid(row);
    required.broken += !there && !spec.nullable;
    if (!there || !bounded) continue;
    const double v = column.number(row);
    values.checked += 1;
    values.broken += !(v >= low && v <= high);  // NaN under a valid bit is out of bounds too
  }
  rules.push_back(std::move(required));
  rules.push_back(std::move(values));
}

void check_codes(const CohortView& view, const ColumnSpec& spec, std::vector<Rule>& rules) {
  const Column& column = (view.per_subject(spec) ? view.cohort().statics : view.cohort().series).column(spec.name);
  const auto declared = static_cast<std::int32_t>(spec.categories.size());
  Rule known{"undeclared_category", {spec.name}, 0, 0};
  Rule few{"too_many_codes", {spec.name}, 0, spec.max_codes ? column.size() : 0};
  for (std::int64_t row = 0; row < column.size(); ++row) {
    const auto& codes = column.codes(row);
    known.checked += static_cast<std::int64_t>(codes.size());
    known.broken += std::count_if(codes.begin(), codes.end(), [&](std::int32_t k) { return k < 0 || k >= declared; });
    few.broken += spec.max_codes && static_cast<std::int64_t>(codes.size()) > *spec.max_codes;
  }
  rules.push_back(std::move(known));
  rules.push_back(std::move(few));
}

std::vector<Rule> check_rules(const Cohort& cohort) {
  const CohortView view(cohort);
  std::vector<Rule> rules;
  const auto broken = constraint_violations(cohort);
  for (std::size_t i = 0; i < broken.size(); ++i) {
    const auto& names = cohort.schema.constraints[i].columns;
    const bool over_rows =
        std::any_of(names.begin(), names.end(), [&](const auto& name) { return cohort.series.find(name) >= 0; });
    rules.push_back({"broken_constraint", names, broken[i], over_rows ? cohort.series.rows() : cohort.size()});
  }
  for (const ColumnSpec& spec : measured_columns(cohort.schema)) check_cells(view, spec, rules);
  for (const ColumnSpec& spec : cohort.schema.columns) {
    if (is_set(spec.type)) check_codes(view, spec, rules);
  }
  return rules;
}

Rule total(const std::vector<Rule>& rules) {
  Rule sum;
  for (const Rule& rule : rules) {
    sum.broken += rule.broken;
    sum.checked += rule.checked;
  }
  return sum;
}

double share(const Rule& rule) {
  return rule.checked > 0 ? static_cast<double>(rule.broken) / static_cast<double>(rule.checked) : kNotMeasured;
}

std::string rule_meaning(const std::string& name) {
  if (name == "broken_constraint")
    return "Share of synthetic records that break this constraint of the schema; 0 is good.";
  if (name == "out_of_bounds") return "Share of synthetic values outside the column's declared bounds; 0 is good.";
  if (name == "too_many_codes") return "Share of synthetic cells that hold more codes than max_codes; 0 is good.";
  if (name == "undeclared_category") return "Share of synthetic values that are no declared category; 0 is good.";
  return "Share of synthetic values that are missing where the schema allows none; 0 is good.";
}

}  // namespace

std::vector<Finding> evaluate_rule_violations(const Evaluation& evaluation, const Context&) {
  check_evaluation(evaluation, "rule_violations");
  const auto made = check_rules(evaluation.synthetic);
  const auto held = check_rules(evaluation.holdout);
  const auto trained = check_rules(evaluation.train);
  std::vector<Rule> real = held;
  for (std::size_t i = 0; i < real.size(); ++i) {
    real[i].broken += trained[i].broken;
    real[i].checked += trained[i].checked;
  }
  const Rule made_total = total(made);
  const double real_share = share(total(real));
  const std::string absent = "the schema declares no rule";
  Estimate count;
  if (made_total.checked > 0) count.value = static_cast<double>(made_total.broken);
  count.reference = real_share * static_cast<double>(made_total.checked);
  std::vector<Finding> findings;
  findings.push_back(make_finding("rule_violations", {}, count, Better::lower,
                                  "Number of broken rules of the schema (constraints, bounds, categories, required "
                                  "values) in the synthetic data; 0 is good, the reference is what as many checks of "
                                  "real data find.",
                                  absent));
  findings.push_back(make_finding("rule_violations_share", {},
                                  {share(made_total), kNotMeasured, kNotMeasured, real_share}, Better::lower,
                                  "Share of all checks of the schema's rules that the synthetic data fail; 0 is good, "
                                  "the reference is the same in real data.",
                                  absent));
  for (std::size_t i = 0; i < made.size(); ++i) {
    if (made[i].broken == 0 && real[i].broken == 0) continue;
    findings.push_back(make_finding(made[i].name, made[i].columns,
                                    {share(made[i]), kNotMeasured, kNotMeasured, share(real[i])}, Better::lower,
                                    rule_meaning(made[i].name), "the synthetic data have no value to check"));
  }
  return findings;
}

}  // namespace understudy
