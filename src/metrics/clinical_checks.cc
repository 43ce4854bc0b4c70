#include "metrics/clinical_checks.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <utility>

#include "metrics/clinical_codes.h"
#include "metrics/clinical_columns.h"
#include "metrics/clinical_tables.h"
#include "metrics/sample.h"
#include "metrics/series.h"

namespace understudy {
namespace {

constexpr double kHoursOfMicrosecond = 1 / 3.6e9;
constexpr double kHoursOfYear = 24 * 365.25;

void check_row_rule(const CohortView& view, const RowRule& rule, const std::vector<const ColumnSpec*>& specs,
                    std::vector<CheckedRule>& rules) {
  CheckedRule result{std::string(rule.says), {}};
  std::vector<Sample> samples;
  bool over_people = true;
  for (const ColumnSpec* spec : specs) {
    result.columns.push_back(spec->name);
    samples.push_back(view.sample(*spec));
    over_people = over_people && view.per_subject(*spec);
  }
  const auto owners = over_people ? view.static_owners() : view.series_owners();
  std::array<double, 3> operands{};
  for (std::size_t row = 0; row < owners.size(); ++row) {
    std::size_t there = 0;
    for (std::size_t c = 0; c < samples.size(); ++c) {
      const bool repeated = !over_people && view.per_subject(*specs[c]);
      operands[c] = samples[c].values[repeated ? static_cast<std::size_t>(owners[row]) : row];
      there += !std::isnan(operands[c]);
    }
    if (there >= rule.fewest) result.check(rule.holds(Operands(operands.data(), samples.size()), rule.tolerance));
  }
  rules.push_back(std::move(result));
}

void check_row_rules(const CohortView& view, std::vector<CheckedRule>& rules) {
  for (const RowRule& rule : kRowRules) {
    for (const bool noninvasive : {false, true}) {
      std::vector<const ColumnSpec*> specs;
      for (const std::string_view entry : rule.columns) {
        const ColumnSpec* spec = entry.empty() ? nullptr : column_for(view.cohort().schema, entry, noninvasive);
        if (spec != nullptr) specs.push_back(spec);
      }
      if (specs.size() >= rule.fewest) check_row_rule(view, rule, specs, rules);
    }
  }
}

// Times of the series rows in hours (since 1970 where they are dates). Empty where there are no rows or no known unit.
std::vector<double> hours_of_rows(const Cohort& cohort) {
  const auto unit = hours_of_time_unit(cohort.schema);
  if (!unit) return {};
  std::vector<double> hours = row_times(cohort);
  for (double& hour : hours) hour *= *unit;
  return hours;
}

std::vector<bool> measured_rows(const CohortView& view) {
  std::vector<bool> there(static_cast<std::size_t>(view.cohort().series.rows()));
  for (const ColumnSpec& spec : series_columns(view.cohort().schema, any_type)) {
    const Column& column = view.cohort().series.column(spec.name);
    for (std::size_t row = 0; row < there.size(); ++row) {
      if (column.is_valid(static_cast<std::int64_t>(row))) there[row] = true;
    }
  }
  return there;
}

void check_end_rule(const CohortView& view, const EndRule& rule, const ColumnSpec& spec,
                    const std::vector<double>& hours, std::vector<CheckedRule>& rules) {
  const Cohort& cohort = view.cohort();
  const bool calendar = is_calendar(cohort.schema.time_spec.type);
  const double unit = rule.hours > 0 ? rule.hours : spec.type == ColumnType::date ? 24 : kHoursOfMicrosecond;
  const bool whole_days = spec.type == ColumnType::date || cohort.schema.time_spec.type == ColumnType::date;
  const double tolerance = whole_days ? 24 : 1;  // a row may stand for the hour or the day that begins with it
  const auto ends = view.sample(spec).values;
  const auto there = measured_rows(view);
  CheckedRule result{std::string(rule.says), {spec.name}};
  for_each_person(cohort, [&](std::size_t person, std::size_t first, std::size_t end) {
    const bool known = !std::isnan(ends[person]) && (rule.hours == 0 || ends[person] >= 0);  // -1: not known
    if (!known || first == end) return;
    const double start = calendar && rule.hours > 0 ? hours[first] : 0;
    for (std::size_t row = first; row < end; ++row) {
      if (there[row] && !std::isnan(hours[row] - start)) {
        result.check(hours[row] - start <= ends[person] * unit + tolerance);
      }
    }
  });
  rules.push_back(std::move(result));
}

void check_end_rules(const CohortView& view, const std::vector<double>& hours, std::vector<CheckedRule>& rules) {
  const Schema& schema = view.cohort().schema;
  if (!hours_of_time_unit(schema)) return;
  for (const EndRule& rule : kEndRules) {
    for (const ColumnSpec& spec : schema.columns) {
      const bool fits = rule.hours > 0 ? is_numeric(spec.type) && !is_calendar(spec.type)
                                       : is_calendar(spec.type) && is_calendar(schema.time_spec.type);
      if (spec.is_static && fits && is_named(spec, rule.names)) {
        check_end_rule(view, rule, spec, hours, rules);
      }
    }
  }
}

void check_constant_rule(const CohortView& view, const ConstantRule& rule, const ColumnSpec& spec,
                         const std::vector<double>& hours, std::vector<CheckedRule>& rules) {
  const auto values = view.sample(spec).values;
  CheckedRule result{std::string(rule.says), {spec.name}};
  for_each_person(view.cohort(), [&](std::size_t, std::size_t first, std::size_t end) {
    double low = INFINITY;
    double high = -INFINITY;
    std::int64_t there = 0;
    for (std::size_t row = first; row < end; ++row) {
      if (std::isnan(values[row])) continue;
      low = std::min(low, values[row]);
      high = std::max(high, values[row]);
      there += 1;
    }
    if (there < 2) return;
    const double passed = hours.empty() ? 0 : hours[end - 1] - hours[first];
    const double years = std::isnan(passed) ? 0 : passed / kHoursOfYear;
    result.check(high - low <= rule.tolerance + rule.per_year * years);
  });
  rules.push_back(std::move(result));
}

void check_constant_rules(const CohortView& view, const std::vector<double>& hours, std::vector<CheckedRule>& rules) {
  for (const ConstantRule& rule : kConstantRules) {
    for (const ColumnSpec& spec : series_columns(view.cohort().schema, is_numeric)) {
      if (catalogue_entry_of(spec) == rule.column) check_constant_rule(view, rule, spec, hours, rules);
    }
  }
}

}  // namespace

std::vector<CheckedRule> check_clinical_rules(const Cohort& cohort) {
  const CohortView view(cohort);
  std::vector<CheckedRule> rules;
  check_row_rules(view, rules);
  check_code_rules(view, rules);
  if (!cohort.schema.has_series()) return rules;
  const auto hours = hours_of_rows(cohort);
  check_end_rules(view, hours, rules);
  check_constant_rules(view, hours, rules);
  return rules;
}

}  // namespace understudy
