#include "metrics/clinical_rules.h"

#include <string>

#include "metrics/clinical_checks.h"
#include "metrics/compare.h"
#include "metrics/estimate.h"

namespace understudy {
namespace {

CheckedRule total(const std::vector<CheckedRule>& rules) {
  CheckedRule sum;
  for (const CheckedRule& rule : rules) {
    sum.broken += rule.broken;
    sum.checked += rule.checked;
  }
  return sum;
}

double share(const CheckedRule& rule) {
  return rule.checked > 0 ? static_cast<double>(rule.broken) / static_cast<double>(rule.checked) : kNotMeasured;
}

// Findings of equally long lists of rules.
std::vector<Finding> findings_of(const std::vector<CheckedRule>& made, const std::vector<CheckedRule>& real) {
  const CheckedRule made_total = total(made);
  const double real_share = share(total(real));
  const std::string absent = "the synthetic data have no values that a clinical rule could check";
  Estimate count;
  if (made_total.checked > 0) count.value = static_cast<double>(made_total.broken);
  count.reference = real_share * static_cast<double>(made_total.checked);
  std::vector<Finding> findings;
  findings.push_back(make_finding("clinical_rule_violations", {}, count, Better::lower,
                                  "Number of synthetic records that break a general clinical rule; the reference is "
                                  "what as many checks of real data find.",
                                  absent));
  findings.push_back(make_finding("clinical_rule_violations_share", {},
                                  {share(made_total), kNotMeasured, kNotMeasured, real_share}, Better::lower,
                                  "Share of all checks of general clinical rules that the synthetic data fail; the "
                                  "reference is the same in real data.",
                                  absent));
  for (std::size_t i = 0; i < made.size(); ++i) {
    findings.push_back(make_finding("broken_clinical_rule", made[i].columns,
                                    {share(made[i]), kNotMeasured, kNotMeasured, share(real[i])}, Better::lower,
                                    "Share of synthetic records that break the rule: " + made[i].says +
                                        "; the reference is the same in real data.",
                                    absent));
  }
  return findings;
}

}  // namespace

std::vector<Finding> evaluate_clinical_rules(const Evaluation& evaluation, const Context& context) {
  check_evaluation(evaluation, "clinical_rules");
  std::vector<CheckedRule> rules[std::size(kRoles)];
  parallel_for(std::size(kRoles), context.threads, [&](std::int64_t i) {
    context.check_cancelled();
    const auto role = static_cast<std::size_t>(i);
    rules[role] = check_clinical_rules(cohort_of(evaluation, kRoles[role]));
  });
  const std::vector<CheckedRule>& made = rules[static_cast<std::size_t>(Role::synthetic)];
  std::vector<CheckedRule> real = rules[static_cast<std::size_t>(Role::holdout)];
  const std::vector<CheckedRule>& trained = rules[static_cast<std::size_t>(Role::train)];
  for (std::size_t i = 0; i < real.size(); ++i) {
    real[i].broken += trained[i].broken;
    real[i].checked += trained[i].checked;
  }
  return made.empty() ? std::vector<Finding>{} : findings_of(made, real);
}

}  // namespace understudy
