#include "metrics/missingness.h"

#include <cmath>
#include <memory>

#include "metrics/columns.h"

namespace understudy {
namespace {

// Missing values and rows of each subject.
struct Counts {
  explicit Counts(const Sample& sample)
      : missing(static_cast<std::size_t>(sample.subjects)), rows(static_cast<std::size_t>(sample.subjects)) {
    for (std::size_t i = 0; i < sample.values.size(); ++i) {
      const auto owner = static_cast<std::size_t>(sample.owners[i]);
      rows[owner] += 1;
      missing[owner] += std::isnan(sample.values[i]);
    }
  }
  double rate(Weights weights) const {
    double missing_sum = 0;
    double row_sum = 0;
    for (std::size_t s = 0; s < rows.size(); ++s) {
      missing_sum += weights[s] * missing[s];
      row_sum += weights[s] * rows[s];
    }
    return row_sum > 0 ? missing_sum / row_sum : kNotMeasured;
  }
  std::vector<double> missing;
  std::vector<double> rows;
};

Distance make_missingness(const Sample& first, const Sample& second, const ColumnFacts&) {
  const auto a = std::make_shared<const Counts>(first);
  const auto b = std::make_shared<const Counts>(second);
  return [a, b](Weights wa, Weights wb) { return std::abs(a->rate(wa) - b->rate(wb)); };
}

}  // namespace

std::vector<Finding> evaluate_missingness(const Evaluation& evaluation, const Context& context) {
  check_evaluation(evaluation, "missingness");
  const auto columns = compare_columns(evaluation, context, any_type, make_missingness);
  const std::string absent = "there is no column with rows";
  std::vector<Finding> findings;
  findings.push_back(make_finding("missing_mean", {}, table_estimate(columns, Summary::mean, Against::holdout, 1),
                                  Better::lower,
                                  "Difference between the shares of missing values of synthetic and holdout people, "
                                  "mean over the columns; 0 is equal.",
                                  absent));
  findings.push_back(make_finding("missing_worst", {}, table_estimate(columns, Summary::worst, Against::holdout, 1),
                                  Better::lower,
                                  "Difference between the shares of missing values of synthetic and holdout people in "
                                  "the column where it is largest; 0 is equal.",
                                  absent));
  for (const ColumnComparison& column : columns) {
    findings.push_back(make_finding("MissingValueSimilarity", {column.column},
                                    complement(column_estimate(column, Against::holdout, 1)), Better::higher,
                                    "1 minus the difference between the shares of missing values of synthetic and "
                                    "holdout people; 1 is equal, the reference is what other real people score.",
                                    "one side has no rows"));
  }
  return findings;
}

}  // namespace understudy
