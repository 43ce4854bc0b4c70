// One distance per column, between the synthetic cohort and the holdout (the primary value), the synthetic cohort and
// the training cohort, and the holdout and the training cohort (the reference).
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "metrics/estimate.h"
#include "metrics/sample.h"

namespace understudy {

// A distance between two prepared samples when subjects count as often as the weights say; NaN: undefined.
using Distance = std::function<double(Weights first, Weights second)>;

// `spread`: standard deviation of the column over train and holdout together.
struct ColumnFacts {
  const ColumnSpec& spec;
  double spread;
};

// Prepares the distance between two samples of one column: sorts or counts once.
using MakeDistance = std::function<Distance(const Sample& first, const Sample& second, const ColumnFacts& facts)>;

enum class Against { holdout, train };

struct ColumnComparison {
  std::string column;
  double values[2] = {kNotMeasured, kNotMeasured};  // by Against
  std::vector<double> replicates[2];                // by Against
  double reference = kNotMeasured;
};

using ColumnFilter = bool (*)(ColumnType type);
bool any_type(ColumnType type);

// Columns whose type passes the filter, in the order of measured_columns.
std::vector<ColumnComparison> compare_columns(const Evaluation& evaluation, const Context& context, ColumnFilter filter,
                                              const MakeDistance& make);

// One column's distance with its interval, cut to [0, maximum].
Estimate column_estimate(const ColumnComparison& comparison, Against against, double maximum);

// Mean (or largest) distance over the columns where it is defined.
enum class Summary { mean, worst };
Estimate table_estimate(const std::vector<ColumnComparison>& comparisons, Summary summary, Against against,
                        double maximum);

}  // namespace understudy
