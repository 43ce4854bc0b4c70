#include "metrics/cross_correlation.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "metrics/compare.h"
#include "metrics/correlation.h"
#include "metrics/pair_sums.h"
#include "metrics/series.h"

namespace understudy {
namespace {

constexpr std::size_t kLags[] = {0, 1, 3};
constexpr std::size_t kMostColumns = 30;
constexpr char kAbsent[] = "no two numeric series columns are measured in the same people and vary";

// The first column `lag` rows before the second.
struct LaggedPair {
  std::size_t first;
  std::size_t second;
  std::size_t lag;
};

using Columns = std::vector<std::vector<double>>;  // [column][row]

// The columns with most measured values in real data, in the schema's order.
std::vector<ColumnSpec> most_measured(const Evaluation& evaluation) {
  const auto specs = series_columns(evaluation.train.schema, is_numeric);
  std::vector<std::pair<std::int64_t, std::size_t>> order;
  for (std::size_t c = 0; c < specs.size(); ++c) {
    const auto& name = specs[c].name;
    const auto count = evaluation.train.series.column(name).validity().count() +
                       evaluation.holdout.series.column(name).validity().count();
    order.emplace_back(-count, c);
  }
  std::sort(order.begin(), order.end());
  order.resize(std::min(order.size(), kMostColumns));
  std::sort(order.begin(), order.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  std::vector<ColumnSpec> chosen;
  for (const auto& [count, c] : order) chosen.push_back(specs[c]);
  return chosen;
}

std::vector<LaggedPair> lagged_pairs(std::size_t columns) {
  std::vector<LaggedPair> pairs;
  for (const std::size_t lag : kLags) {
    for (std::size_t i = 0; i < columns; ++i) {
      for (std::size_t j = 0; j < columns; ++j) {
        if (lag == 0 ? i < j : i != j) pairs.push_back({i, j, lag});
      }
    }
  }
  return pairs;
}

Columns carried(const CohortView& view, const std::vector<ColumnSpec>& specs) {
  Columns columns;
  for (const ColumnSpec& spec : specs) {
    columns.push_back(carried_forward(view.cohort(), standardised(view.sample(spec).values)));
  }
  return columns;
}

std::vector<PairSums> pair_sums(const Cohort& cohort, const Columns& columns, const LaggedPair& pair) {
  std::vector<PairSums> people(static_cast<std::size_t>(cohort.size()));
  const auto& before = columns[pair.first];
  const auto& now = columns[pair.second];
  for_each_person(cohort, [&](std::size_t person, std::size_t first, std::size_t end) {
    PairSums sums;
    for (std::size_t row = first + pair.lag; row < end; ++row) {
      const double x = before[row - pair.lag];
      const double y = now[row];
      if (!std::isnan(x) && !std::isnan(y)) sums.add(x, y);
    }
    people[person] = sums;
  });
  return people;
}

double distance(const std::vector<PairSums>& first, Weights first_weights, const std::vector<PairSums>& second,
                Weights second_weights) {
  return association_difference(correlation_of(first, first_weights), correlation_of(second, second_weights));
}

template <class Keep>
std::vector<ColumnComparison> chosen(const std::vector<ColumnComparison>& all, const std::vector<LaggedPair>& pairs,
                                     const Keep& keep) {
  std::vector<ColumnComparison> result;
  for (std::size_t p = 0; p < pairs.size(); ++p) {
    if (keep(pairs[p])) result.push_back(all[p]);
  }
  return result;
}

Finding difference_finding(const std::string& name, std::vector<std::string> columns,
                           const std::vector<ColumnComparison>& comparisons, Against against,
                           const std::string& which) {
  const bool to_holdout = against == Against::holdout;
  const std::string meaning =
      "Mean absolute difference between the correlations of two series columns, " + which + ", of synthetic and of " +
      (to_holdout ? "holdout people; 0 is equal, the reference is what other real people score."
                  : "training people; far below the reference, the generator repeats its training people.");
  return make_finding(name, std::move(columns), table_estimate(comparisons, Summary::mean, against, 2), Better::lower,
                      meaning, kAbsent);
}

std::vector<Finding> findings_of(const std::vector<ColumnComparison>& all, const std::vector<LaggedPair>& pairs,
                                 const std::vector<ColumnSpec>& specs) {
  const std::string name = "cross_correlation_difference";
  const std::string lags = "one 0, 1 or 3 rows before the other";
  std::vector<Finding> findings;
  findings.push_back(difference_finding(name + "_mean", {}, all, Against::holdout, lags));
  findings.push_back(difference_finding(name + "_mean_train", {}, all, Against::train, lags));
  for (const std::size_t lag : kLags) {
    const auto of_lag = chosen(all, pairs, [&](const LaggedPair& pair) { return pair.lag == lag; });
    const std::string which = lag == 0 ? "in the same row"
                                       : "one " + std::to_string(lag) + (lag == 1 ? " row" : " rows") +
                                             " before the other";
    findings.push_back(
        difference_finding(name + "_lag_" + std::to_string(lag), {}, of_lag, Against::holdout, which));
  }
  for (std::size_t c = 0; c < specs.size(); ++c) {
    const auto of_column =
        chosen(all, pairs, [&](const LaggedPair& pair) { return pair.first == c || pair.second == c; });
    findings.push_back(difference_finding(name, {specs[c].name}, of_column, Against::holdout,
                                          "this and any other, " + lags));
  }
  return findings;
}

}  // namespace

std::vector<Finding> evaluate_cross_correlation(const Evaluation& evaluation, const Context& context) {
  check_evaluation(evaluation, "cross_correlation");
  if (!evaluation.train.schema.has_series()) return {};
  const auto cohorts = draw_people(evaluation, context);
  const Evaluation drawn{cohorts[Role::train], cohorts[Role::holdout], cohorts[Role::synthetic]};
  const auto specs = most_measured(evaluation);
  const auto pairs = lagged_pairs(specs.size());
  const auto views = views_of(drawn);
  const ByRole<Columns> columns([&](Role role) { return carried(views[role], specs); });
  const auto describe = [&](Role role, std::size_t item) {
    return pair_sums(views[role].cohort(), columns[role], pairs[item]);
  };
  const std::vector<std::string> unnamed(pairs.size());
  return findings_of(compare_items(drawn, context, unnamed, describe, distance), pairs, specs);
}

}  // namespace understudy
