#include "metrics/correlation.h"

#include <cmath>
#include <string>

#include "metrics/association.h"
#include "metrics/columns.h"

namespace understudy {
namespace {

// One cohort's associations: first those of the cohort itself, then one set per replicate. [1 + replicates][pairs]
using Matrix = std::vector<std::vector<double>>;

struct Tables {
  Matrix train;
  Matrix holdout;
  Matrix synthetic;
};

Matrix associate(const Cohort& cohort, std::span<const ColumnSpec> columns, std::span<const Pair> pairs, int replicates,
                 const Context& context, std::string_view stream) {
  const CohortView view(cohort);
  const Resamples resamples(cohort, replicates, context.rng(stream));
  const Associations associations(view, columns);
  Matrix result(static_cast<std::size_t>(replicates) + 1);
  parallel_for(replicates + 1, context.threads, [&](std::int64_t task) {
    context.check_cancelled();
    const bool itself = task == 0;
    const Weights weights = itself ? resamples.once() : resamples.weights(static_cast<int>(task) - 1);
    result[static_cast<std::size_t>(task)] = associations.evaluate(pairs, weights, itself);
  });
  return result;
}

double mean_difference(const std::vector<double>& first, const std::vector<double>& second, std::span<const Pair> pairs,
                       Measure measure) {
  std::vector<double> differences;
  for (std::size_t p = 0; p < pairs.size(); ++p) {
    if (pairs[p].measure == measure) differences.push_back(association_difference(first[p], second[p]));
  }
  return mean_of(differences);
}

std::string phrase(Measure measure) {
  switch (measure) {
    case Measure::pearson:
      return "Pearson correlations of two numeric columns";
    case Measure::spearman:
      return "Spearman rank correlations of two numeric columns";
    case Measure::cramers_v:
      return "Cramér's V of two categorical columns";
    default:
      return "correlation ratios (eta) of a categorical and a numeric column";
  }
}

Finding difference_finding(const Tables& tables, std::span<const Pair> pairs, Measure measure, Against against) {
  const Matrix& real = against == Against::holdout ? tables.holdout : tables.train;
  std::vector<double> replicates;
  for (std::size_t r = 1; r < real.size(); ++r) {
    replicates.push_back(mean_difference(tables.synthetic[r], real[r], pairs, measure));
  }
  const double value = mean_difference(tables.synthetic[0], real[0], pairs, measure);
  const bool signed_measure = measure == Measure::pearson || measure == Measure::spearman;
  Estimate estimate = with_interval(value, replicates, 0, signed_measure ? 2 : 1);
  estimate.reference = mean_difference(tables.holdout[0], tables.train[0], pairs, measure);
  const std::string name = "correlation_difference_" + std::string(to_string(measure));
  const bool to_holdout = against == Against::holdout;
  const std::string meaning =
      "Mean absolute difference between the " + phrase(measure) + " of synthetic and of " +
      (to_holdout ? "holdout people; 0 is equal, the reference is what other real people score."
                  : "training people; far below the reference, the generator repeats its training people.");
  return make_finding(to_holdout ? name : name + "_train", {}, estimate, Better::lower, meaning,
                      "there is no pair of such columns that vary");
}

}  // namespace

double association_difference(double first, double second) {
  if (std::isnan(first) && std::isnan(second)) return kNotMeasured;
  return std::abs((std::isnan(first) ? 0 : first) - (std::isnan(second) ? 0 : second));
}

std::vector<Finding> evaluate_correlation(const Evaluation& evaluation, const Context& context) {
  check_evaluation(evaluation, "correlation");
  const auto columns = measured_columns(evaluation.train.schema);
  const auto pairs = all_pairs(columns);
  const int replicates = replicate_count(evaluation);
  Tables tables;
  tables.train = associate(evaluation.train, columns, pairs, replicates, context, "resamples of train");
  tables.holdout = associate(evaluation.holdout, columns, pairs, replicates, context, "resamples of holdout");
  tables.synthetic = associate(evaluation.synthetic, columns, pairs, replicates, context, "resamples of synthetic");
  std::vector<Finding> findings;
  for (const Against against : {Against::holdout, Against::train}) {
    for (const Measure measure : {Measure::pearson, Measure::spearman, Measure::cramers_v, Measure::eta}) {
      findings.push_back(difference_finding(tables, pairs, measure, against));
    }
  }
  return findings;
}

}  // namespace understudy
