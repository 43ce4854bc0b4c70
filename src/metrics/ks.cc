#include "metrics/ks.h"

#include <memory>

#include "metrics/columns.h"
#include "metrics/merged.h"

namespace understudy {
namespace {

constexpr char kAbsent[] = "no numeric column has values";

// A column that lost all its values (or invented them) is as far away as can be.
Distance make_ks(const Sample& first, const Sample& second, const ColumnFacts&) {
  const auto merged = std::make_shared<const MergedSamples>(first, second);
  if ((merged->first_size() == 0) != (merged->second_size() == 0)) return [](Weights, Weights) { return 1.0; };
  return [merged](Weights a, Weights b) { return merged->largest_gap(a, b); };
}

Finding table_finding(const std::string& name, const std::vector<ColumnComparison>& columns, Summary summary,
                      Against against, const std::string& meaning) {
  return make_finding(name, {}, table_estimate(columns, summary, against, 1), Better::lower, meaning, kAbsent);
}

}  // namespace

std::vector<Finding> evaluate_ks(const Evaluation& evaluation, const Context& context) {
  check_evaluation(evaluation, "ks");
  const auto columns = compare_columns(evaluation, context, is_numeric, make_ks);
  std::vector<Finding> findings;
  findings.push_back(table_finding("ks_mean", columns, Summary::mean, Against::holdout,
                                   "Kolmogorov-Smirnov distance of synthetic from holdout people, mean over the "
                                   "numeric columns; 0 is equal, the reference is what other real people score."));
  findings.push_back(table_finding("ks_worst", columns, Summary::worst, Against::holdout,
                                   "Kolmogorov-Smirnov distance of synthetic from holdout people in the numeric column "
                                   "where it is largest; 0 is equal, the reference is what other real people score."));
  findings.push_back(table_finding("ks_mean_train", columns, Summary::mean, Against::train,
                                   "Kolmogorov-Smirnov distance of synthetic from training people, mean over the "
                                   "numeric columns; far below the reference, the generator repeats its training "
                                   "people."));
  findings.push_back(table_finding("ks_worst_train", columns, Summary::worst, Against::train,
                                   "Kolmogorov-Smirnov distance of synthetic from training people in the numeric "
                                   "column where it is largest; far below the reference, the generator repeats its "
                                   "training people."));
  for (const ColumnComparison& column : columns) {
    findings.push_back(make_finding("KSComplement", {column.column},
                                    complement(column_estimate(column, Against::holdout, 1)), Better::higher,
                                    "1 minus the largest difference between the distribution functions of synthetic "
                                    "and holdout values; 1 is equal, the reference is what other real people score.",
                                    "neither synthetic nor holdout people have a value in this column"));
  }
  return findings;
}

}  // namespace understudy
