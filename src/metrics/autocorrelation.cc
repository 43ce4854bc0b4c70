#include "metrics/autocorrelation.h"

#include <array>
#include <cmath>
#include <span>

#include "metrics/compare.h"
#include "metrics/correlation.h"
#include "metrics/estimate.h"
#include "metrics/pair_sums.h"
#include "metrics/series.h"

namespace understudy {
namespace {

constexpr std::size_t kLags[] = {1, 2, 4, 8};

using Lagged = std::array<std::vector<PairSums>, std::size(kLags)>;  // one entry per person for each lag

// The measured values of one person as deviations from their mean.
void collect_deviations(std::span<const double> values, std::vector<double>& out) {
  constexpr double kRounding = 1e-9;  // of a standard deviation of the column: what a constant person's mean leaves
  out.clear();
  double sum = 0;
  for (const double v : values) {
    if (std::isnan(v)) continue;
    out.push_back(v);
    sum += v;
  }
  for (double& v : out) {
    v -= sum / static_cast<double>(out.size());
    if (std::abs(v) < kRounding) v = 0;
  }
}

// `values`: one per series row, standardised, NaN where missing.
Lagged lagged_deviations(const Cohort& cohort, std::span<const double> values) {
  Lagged result;
  for (auto& people : result) people.resize(static_cast<std::size_t>(cohort.size()));
  std::vector<double> deviations;
  for_each_person(cohort, [&](std::size_t person, std::size_t first, std::size_t end) {
    collect_deviations(values.subspan(first, end - first), deviations);
    for (std::size_t l = 0; l < result.size(); ++l) {
      const std::size_t lag = kLags[l];
      PairSums sums;
      for (std::size_t i = lag; i < deviations.size(); ++i) sums.add(deviations[i - lag], deviations[i]);
      result[l][person] = sums;
    }
  });
  return result;
}

double distance(const Lagged& first, Weights first_weights, const Lagged& second, Weights second_weights) {
  std::vector<double> differences;
  for (std::size_t lag = 0; lag < first.size(); ++lag) {
    differences.push_back(association_difference(correlation_of(first[lag], first_weights),
                                                 correlation_of(second[lag], second_weights)));
  }
  return mean_of(differences);
}

}  // namespace

std::vector<Finding> evaluate_autocorrelation(const Evaluation& evaluation, const Context& context) {
  check_evaluation(evaluation, "autocorrelation");
  if (!evaluation.train.schema.has_series()) return {};
  const auto specs = series_columns(evaluation.train.schema, is_numeric);
  const auto views = views_of(evaluation);
  const auto describe = [&](Role role, std::size_t item) {
    return lagged_deviations(views[role].cohort(), standardised(views[role].sample(specs[item]).values));
  };
  const auto columns = compare_items(evaluation, context, names_of(specs), describe, distance);
  constexpr Wording wording = {
      .name = "autocorrelation_difference",
      .meaning = "Mean absolute difference between the autocorrelations of synthetic and of holdout people, each "
                 "around their own mean, at lags of 1, 2, 4 and 8 measured values",
      .absence = "no numeric series column is measured often enough in one person and varies there",
      .column_absence = "the column is not measured often enough in one person, or does not vary there",
      .maximum = 2};
  auto findings = distance_findings(columns, wording);
  findings.push_back(train_finding(columns, wording));
  return findings;
}

}  // namespace understudy
