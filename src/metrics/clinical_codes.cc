#include "metrics/clinical_codes.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "cohort/catalogue.h"
#include "metrics/clinical_columns.h"
#include "metrics/clinical_tables.h"
#include "metrics/code_cells.h"
#include "metrics/estimate.h"

namespace understudy {
namespace {

constexpr std::size_t kCategory = 3;  // characters of a whole ICD category

// The part of `text` up to the first `mark`, which is taken off it with the mark.
std::string_view take_until(std::string_view& text, char mark) {
  const std::string_view part = text.substr(0, text.find(mark));
  text.remove_prefix(std::min(part.size() + 1, text.size()));
  return part;
}

const ColumnSpec* sex_column(const Schema& schema) {
  const auto is_it = [](const ColumnSpec& spec) {
    return is_categorical(spec.type) && is_named(spec, "sex|gender");
  };
  const auto found = std::find_if(schema.columns.begin(), schema.columns.end(), is_it);
  if (found == schema.columns.end() || std::any_of(found + 1, schema.columns.end(), is_it)) return nullptr;
  return &*found;
}

const ColumnSpec* age_column(const Schema& schema) {
  const ColumnSpec* age = column_for(schema, "age", false);
  return age != nullptr ? age : column_for(schema, "age_adult", false);
}

// 'F', 'M', or 0: not known.
char sex_of(const std::string& category) {
  const std::string name = plain_name(category);
  if (name == "f" || name == "female" || name == "woman") return 'F';
  return name == "m" || name == "male" || name == "man" ? 'M' : 0;
}

// Ages, or sexes as characters, of people or rows as the column has them; NaN: not known.
std::vector<double> facts_of(const CohortView& view, const ColumnSpec& spec) {
  std::vector<double> facts = view.sample(spec).values;
  if (is_numeric(spec.type)) return facts;
  const auto declared = static_cast<double>(spec.categories.size());
  for (double& fact : facts) {
    const bool known = fact >= 0 && fact < declared;
    const char sex = known ? sex_of(spec.categories[static_cast<std::size_t>(fact)]) : 0;
    fact = sex != 0 ? sex : kNotMeasured;
  }
  return facts;
}

bool agrees(const CodeRule& rule, double fact) {
  return rule.sex != 0 ? fact == rule.sex : fact >= rule.youngest && fact < rule.oldest + 1;
}

std::vector<bool> codes_of(const CodeRule& rule, const ColumnSpec& spec) {
  std::vector<bool> codes;
  for (const std::string& code : spec.categories) codes.push_back(is_in_ranges(code, rule.codes));
  return codes;
}

void check_code_rule(const CohortView& view, const CodeRule& rule, const ColumnSpec& spec, const ColumnSpec& fact,
                     std::vector<CheckedRule>& rules) {
  const std::vector<bool> wanted = codes_of(rule, spec);
  if (std::find(wanted.begin(), wanted.end(), true) == wanted.end()) return;
  const bool by_person = view.per_subject(fact);
  if (view.per_subject(spec) && !by_person) return;
  const CodeCells cells(view, spec);
  const auto facts = facts_of(view, fact);
  CheckedRule result{std::string(rule.says), {spec.name, fact.name}};
  for (std::size_t cell = 0; cell < cells.size(); ++cell) {
    const auto codes = cells.codes(cell);
    const auto is_wanted = [&](std::int32_t code) { return wanted[static_cast<std::size_t>(code)]; };
    const double known = facts[by_person ? cells.person(cell) : cell];
    if (std::any_of(codes.begin(), codes.end(), is_wanted) && !std::isnan(known)) result.check(agrees(rule, known));
  }
  rules.push_back(std::move(result));
}

}  // namespace

bool is_in_ranges(std::string_view code, std::string_view ranges) {
  const std::string_view version = take_until(code, ':');
  const std::string_view category = code.substr(0, kCategory);
  while (!ranges.empty() && category.size() == kCategory) {
    std::string_view range = take_until(ranges, '|');
    const bool same = take_until(range, ':') == version;
    const std::string_view first = take_until(range, '-');
    if (same && first <= category && category <= range) return true;
  }
  return false;
}

void check_code_rules(const CohortView& view, std::vector<CheckedRule>& rules) {
  const Schema& schema = view.cohort().schema;
  for (const ColumnSpec& spec : codes_columns(schema)) {
    for (const CodeRule& rule : kCodeRules) {
      const ColumnSpec* fact = rule.sex == 0 ? age_column(schema) : sex_column(schema);
      if (fact != nullptr) check_code_rule(view, rule, spec, *fact, rules);
    }
  }
}

}  // namespace understudy
