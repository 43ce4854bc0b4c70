#include "metrics/tv.h"

#include <cmath>
#include <cstdint>
#include <memory>

#include "metrics/columns.h"

namespace understudy {
namespace {

// Values that are there: category (undeclared ones share the last place) and subject.
struct Codes {
  Codes(const Sample& sample, const ColumnSpec& spec) : levels(spec.categories.size() + 1) {
    const auto declared = static_cast<double>(spec.categories.size());
    for (std::size_t i = 0; i < sample.values.size(); ++i) {
      const double v = sample.values[i];
      if (std::isnan(v)) continue;
      codes.push_back(v >= 0 && v < declared ? static_cast<std::size_t>(v) : levels - 1);
      owners.push_back(static_cast<std::size_t>(sample.owners[i]));
    }
  }
  std::vector<double> shares(Weights weights) const {
    std::vector<double> counts(levels);
    double total = 0;
    for (std::size_t i = 0; i < codes.size(); ++i) {
      counts[codes[i]] += weights[owners[i]];
      total += weights[owners[i]];
    }
    for (double& count : counts) count /= total;  // 0 / 0 is NaN: no weight, no distance
    return counts;
  }
  std::size_t levels;
  std::vector<std::size_t> codes;
  std::vector<std::size_t> owners;
};

double total_variation(const std::vector<double>& first, const std::vector<double>& second) {
  double sum = 0;
  for (std::size_t k = 0; k < first.size(); ++k) sum += std::abs(first[k] - second[k]);
  return sum / 2;
}

Distance make_tv(const Sample& first, const Sample& second, const ColumnFacts& facts) {
  const auto a = std::make_shared<const Codes>(first, facts.spec);
  const auto b = std::make_shared<const Codes>(second, facts.spec);
  if (a->codes.empty() != b->codes.empty()) return [](Weights, Weights) { return 1.0; };
  return [a, b](Weights wa, Weights wb) { return total_variation(a->shares(wa), b->shares(wb)); };
}

}  // namespace

std::vector<Finding> evaluate_tv(const Evaluation& evaluation, const Context& context) {
  check_evaluation(evaluation, "tv");
  const auto columns = compare_columns(evaluation, context, is_categorical, make_tv);
  std::vector<Finding> findings;
  findings.push_back(make_finding("tv_mean", {}, table_estimate(columns, Summary::mean, Against::holdout, 1),
                                  Better::lower,
                                  "Share of people whose category would have to change to turn synthetic into holdout "
                                  "shares, mean over the categorical columns; 0 is equal.",
                                  "no categorical column has values"));
  for (const ColumnComparison& column : columns) {
    findings.push_back(make_finding("TVComplement", {column.column},
                                    complement(column_estimate(column, Against::holdout, 1)), Better::higher,
                                    "1 minus half the summed differences of category shares between synthetic and "
                                    "holdout values; 1 is equal, the reference is what other real people score.",
                                    "neither synthetic nor holdout people have a value in this column"));
  }
  return findings;
}

}  // namespace understudy
