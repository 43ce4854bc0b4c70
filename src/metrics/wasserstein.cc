#include "metrics/wasserstein.h"

#include <limits>
#include <memory>

#include "metrics/columns.h"
#include "metrics/merged.h"

namespace understudy {
namespace {

constexpr double kUnbounded = std::numeric_limits<double>::infinity();

// A constant real column has no yardstick: equal columns score 0, others are left to `ks`.
Distance make_wasserstein(const Sample& first, const Sample& second, const ColumnFacts& facts) {
  const auto merged = std::make_shared<const MergedSamples>(first, second);
  return [merged, spread = facts.spread](Weights a, Weights b) {
    const double area = merged->area(a, b);
    if (area == 0) return 0.0;
    return spread > 0 ? area / spread : kNotMeasured;
  };
}

}  // namespace

std::vector<Finding> evaluate_wasserstein(const Evaluation& evaluation, const Context& context) {
  check_evaluation(evaluation, "wasserstein");
  const auto columns = compare_columns(evaluation, context, is_numeric, make_wasserstein);
  std::vector<Finding> findings;
  findings.push_back(make_finding("wasserstein_mean", {},
                                  table_estimate(columns, Summary::mean, Against::holdout, kUnbounded), Better::lower,
                                  "How far synthetic values would have to move to become holdout values, in standard "
                                  "deviations of the real column, mean over the numeric columns; 0 is equal.",
                                  "no numeric column has values that vary"));
  for (const ColumnComparison& column : columns) {
    findings.push_back(make_finding("wasserstein", {column.column},
                                    column_estimate(column, Against::holdout, kUnbounded), Better::lower,
                                    "How far synthetic values would have to move to become holdout values, in standard "
                                    "deviations of the real column; 0 is equal.",
                                    "the column has no values on one side, or the real values are all the same"));
  }
  return findings;
}

}  // namespace understudy
