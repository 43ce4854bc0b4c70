#include "metrics/measurement_process.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "metrics/compare.h"
#include "metrics/correlation.h"
#include "metrics/distribution.h"
#include "metrics/measures.h"
#include "metrics/pair_sums.h"
#include "metrics/series.h"

namespace understudy {
namespace {

std::vector<bool> measured(const CohortView& view, const ColumnSpec& spec) {
  std::vector<bool> result;
  for (const double v : view.sample(spec).values) result.push_back(!std::isnan(v));
  return result;
}

// Number of measured values of each person.
std::vector<double> measured_counts(const CohortView& view, const ColumnSpec& spec) {
  std::vector<double> counts(static_cast<std::size_t>(view.cohort().size()));
  const Sample sample = view.sample(spec);
  for (std::size_t row = 0; row < sample.values.size(); ++row) {
    counts[static_cast<std::size_t>(sample.owners[row])] += !std::isnan(sample.values[row]);
  }
  return counts;
}

Distribution measured_shares(const CohortView& view, const ColumnSpec& spec) {
  const auto counts = measured_counts(view, spec);
  Distribution result;
  for_each_person(view.cohort(), [&](std::size_t person, std::size_t first, std::size_t end) {
    if (end > first) result.add(counts[person] / static_cast<double>(end - first), person);
  });
  result.sort();
  return result;
}

Distribution measured_gaps(const CohortView& view, const ColumnSpec& spec, const std::vector<double>& times) {
  const std::vector<bool> there = measured(view, spec);
  Distribution result;
  std::vector<double> gaps;
  for_each_person(view.cohort(), [&](std::size_t person, std::size_t first, std::size_t end) {
    gaps.clear();
    double last = kNotMeasured;
    for (std::size_t row = first; row < end; ++row) {
      if (!there[row] || std::isnan(times[row])) continue;
      if (!std::isnan(last)) gaps.push_back(times[row] - last);
      last = times[row];
    }
    result.add_all(gaps, person);
  });
  result.sort();
  return result;
}

std::vector<ColumnComparison> compare_gaps(const Evaluation& evaluation, const Context& context,
                                           const std::vector<ColumnSpec>& specs) {
  const auto cohorts = draw_people(evaluation, context);
  const Evaluation drawn{cohorts[Role::train], cohorts[Role::holdout], cohorts[Role::synthetic]};
  const auto views = views_of(drawn);
  const ByRole times([&](Role role) { return row_times(cohorts[role]); });
  const auto gaps = [&](Role role, std::size_t item) { return measured_gaps(views[role], specs[item], times[role]); };
  return compare_items(drawn, context, names_of(specs), gaps, ks_distance);
}

// The last measured value with whether the next row is measured.
std::vector<PairSums> last_value_and_measured(const CohortView& view, const ColumnSpec& spec) {
  const std::vector<double> values = standardised(view.sample(spec).values);
  std::vector<PairSums> people(static_cast<std::size_t>(view.cohort().size()));
  for_each_person(view.cohort(), [&](std::size_t person, std::size_t first, std::size_t end) {
    PairSums sums;
    double last = kNotMeasured;
    for (std::size_t row = first; row < end; ++row) {
      const bool there = !std::isnan(values[row]);
      if (!std::isnan(last)) sums.add(last, there);
      if (there) last = values[row];
    }
    people[person] = sums;
  });
  return people;
}

double correlation_difference(const std::vector<PairSums>& first, Weights first_weights,
                              const std::vector<PairSums>& second, Weights second_weights) {
  return association_difference(correlation_of(first, first_weights), correlation_of(second, second_weights));
}

// Targets first, then static columns.
std::vector<ColumnSpec> traits_of_people(const Schema& schema) {
  constexpr std::size_t kMostTraits = 20;
  std::vector<ColumnSpec> traits = measured_columns(schema);
  std::erase_if(traits, [](const ColumnSpec& spec) { return !spec.is_static && !spec.is_target; });
  std::stable_partition(traits.begin(), traits.end(), [](const ColumnSpec& spec) { return spec.is_target; });
  traits.erase(traits.begin() + static_cast<std::ptrdiff_t>(std::min(traits.size(), kMostTraits)), traits.end());
  return traits;
}

// One value per person: a static one, or the last of a series.
PreparedColumn trait(const CohortView& view, const ColumnSpec& spec) {
  std::vector<double> values = view.sample(spec).values;
  if (view.per_subject(spec)) return PreparedColumn(std::move(values), spec);
  values = carried_forward(view.cohort(), std::move(values));
  std::vector<double> last(static_cast<std::size_t>(view.cohort().size()), kNotMeasured);
  for_each_person(view.cohort(), [&](std::size_t person, std::size_t first, std::size_t end) {
    if (end > first) last[person] = values[end - 1];
  });
  return PreparedColumn(std::move(last), spec);
}

using Traits = std::vector<PreparedColumn>;

// One cohort's numbers of measured values beside its people's traits.
struct Counts {
  PreparedColumn counts;
  const Traits& traits;

  std::vector<double> associations(Weights weights) const {
    const std::vector<double> w(weights.begin(), weights.end());
    std::vector<double> result;
    for (const PreparedColumn& trait : traits) {
      const bool numeric = trait.codes.empty();
      result.push_back(numeric ? weighted_pearson(trait.values, counts.values, w) : weighted_eta(trait, counts, w));
    }
    return result;
  }
};

double association_distance(const Counts& first, Weights first_weights, const Counts& second,
                            Weights second_weights) {
  const auto a = first.associations(first_weights);
  const auto b = second.associations(second_weights);
  std::vector<double> differences;
  for (std::size_t t = 0; t < a.size(); ++t) differences.push_back(association_difference(a[t], b[t]));
  return mean_of(differences);
}

std::vector<ColumnComparison> compare_count_associations(const Evaluation& evaluation, const Context& context,
                                                         const ByRole<CohortView>& views,
                                                         const std::vector<ColumnSpec>& specs) {
  const auto wanted = traits_of_people(evaluation.train.schema);
  const ByRole<Traits> traits([&](Role role) {
    Traits result;
    for (const ColumnSpec& spec : wanted) result.push_back(trait(views[role], spec));
    return result;
  });
  const ColumnSpec number;  // a real column
  const auto describe = [&](Role role, std::size_t item) {
    return Counts{PreparedColumn(measured_counts(views[role], specs[item]), number), traits[role]};
  };
  return compare_items(evaluation, context, names_of(specs), describe, association_distance);
}

void append(std::vector<Finding>& findings, const std::vector<ColumnComparison>& columns, const Wording& wording) {
  const auto more = distance_findings(columns, wording);
  findings.insert(findings.end(), more.begin(), more.end());
}

constexpr Wording kShareWording = {
    .name = "measured_share_ks",
    .meaning = "Kolmogorov-Smirnov distance of synthetic from holdout people in the share of a person's rows where the "
               "column is measured",
    .absence = "there is no series column with rows",
    .column_absence = "one side has no rows"};
constexpr Wording kGapWording = {
    .name = "gap_ks",
    .meaning = "Kolmogorov-Smirnov distance of synthetic from holdout people in the time between two measured values "
               "of the column",
    .absence = "no person has two measured values of a series column",
    .column_absence = "no person has two measured values of the column"};
constexpr Wording kInformativeWording = {
    .name = "informative_missingness_difference",
    .meaning = "Difference between synthetic and holdout people in how far the last measured value tells whether the "
               "column is measured again in the next row (correlation)",
    .absence = "no numeric series column is measured in some rows and missing in others, after a first value",
    .column_absence = "after a first value the column is always measured or never, or its values do not vary",
    .maximum = 2};
constexpr Wording kCountWording = {
    .name = "measurement_count_association_difference",
    .meaning = "Mean difference between synthetic and holdout people in how far the number of a person's measured "
               "values goes with the targets and static columns (correlation, or eta)",
    .absence = "there is no target or static column that varies with a number of measured values that varies",
    .column_absence = "there is no target or static column that varies, or people's numbers of values do not vary",
    .maximum = 2};

}  // namespace

std::vector<Finding> evaluate_measurement_process(const Evaluation& evaluation, const Context& context) {
  check_evaluation(evaluation, "measurement_process");
  if (!evaluation.train.schema.has_series()) return {};
  const auto specs = series_columns(evaluation.train.schema, any_type);
  const auto numeric = series_columns(evaluation.train.schema, is_numeric);
  const auto views = views_of(evaluation);
  const auto shares = [&](Role role, std::size_t item) { return measured_shares(views[role], specs[item]); };
  const auto last_values = [&](Role role, std::size_t item) {
    return last_value_and_measured(views[role], numeric[item]);
  };
  std::vector<Finding> findings;
  append(findings, compare_items(evaluation, context, names_of(specs), shares, ks_distance), kShareWording);
  append(findings, compare_gaps(evaluation, context, specs), kGapWording);
  append(findings, compare_items(evaluation, context, names_of(numeric), last_values, correlation_difference),
         kInformativeWording);
  append(findings, compare_count_associations(evaluation, context, views, specs), kCountWording);
  return findings;
}

}  // namespace understudy
