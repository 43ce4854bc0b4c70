// Anything that can be computed from a cohort under a weighting of its people, compared between the three cohorts:
// synthetic with holdout (the primary value), synthetic with train, and holdout with train (the reference).
//
// compare_columns (metrics/columns.h) compares the values of a column; this compares what is computed from them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "metrics/columns.h"
#include "metrics/sample.h"

namespace understudy {

enum class Role { train, holdout, synthetic };
inline constexpr Role kRoles[] = {Role::train, Role::holdout, Role::synthetic};

// One T for each cohort.
template <class T>
class ByRole {
 public:
  template <class Make>
  explicit ByRole(const Make& make) : all_{make(kRoles[0]), make(kRoles[1]), make(kRoles[2])} {}
  const T& operator[](Role role) const { return all_[static_cast<std::size_t>(role)]; }

 private:
  T all_[3];
};
template <class Make>
ByRole(const Make&) -> ByRole<std::invoke_result_t<Make, Role>>;

const Cohort& cohort_of(const Evaluation& evaluation, Role role);
ByRole<CohortView> views_of(const Evaluation& evaluation);
// The resamples that every item of a metric shares.
ByRole<Resamples> resamples_of(const Evaluation& evaluation, const Context& context);

// What costs too much on all rows of a large cohort is computed on people of at most this many rows a cohort, drawn by
// their keys.
inline constexpr std::int64_t kMostDrawnRows = 500000;
ByRole<Cohort> draw_people(const Evaluation& evaluation, const Context& context);

// One comparison per name. describe(role, item) reduces a cohort once; distance(first, weights, second, weights) of two
// such descriptions is a number, NaN where it is undefined. Items run on the context's threads.
template <class Describe, class Distance>
std::vector<ColumnComparison> compare_items(const Evaluation& evaluation, const Context& context,
                                            const std::vector<std::string>& names, const Describe& describe,
                                            const Distance& distance) {
  const auto resamples = resamples_of(evaluation, context);
  std::vector<ColumnComparison> result(names.size());
  parallel_for(static_cast<std::int64_t>(names.size()), context.threads, [&](std::int64_t i) {
    context.check_cancelled();
    const auto item = static_cast<std::size_t>(i);
    const ByRole descriptions([&](Role role) { return describe(role, item); });
    const auto between = [&](Role first, Role second, int replicate) {
      const auto weights = [&](Role role) {
        return replicate < 0 ? resamples[role].once() : resamples[role].weights(replicate);
      };
      return distance(descriptions[first], weights(first), descriptions[second], weights(second));
    };
    constexpr int kItself = -1;
    ColumnComparison& comparison = result[item];
    comparison.column = names[item];
    for (const Against against : {Against::holdout, Against::train}) {
      const Role other = against == Against::holdout ? Role::holdout : Role::train;
      const auto a = static_cast<std::size_t>(against);
      comparison.values[a] = between(Role::synthetic, other, kItself);
      for (int r = 0; r < resamples[other].replicates(); ++r) {
        comparison.replicates[a].push_back(between(Role::synthetic, other, r));
      }
    }
    comparison.reference = between(Role::holdout, Role::train, kItself);
  });
  return result;
}

// How a distance is named and told.
struct Wording {
  std::string_view name;            // of the finding per column; the table's are NAME_mean and NAME_worst
  std::string_view meaning;         // what the distance is, without a full stop; names "holdout people"
  std::string_view absence;         // why the table has none
  std::string_view column_absence;  // why a column has none
  double maximum = 1;
};

// Findings NAME_mean and NAME_worst over the columns, then NAME for each column.
std::vector<Finding> distance_findings(const std::vector<ColumnComparison>& columns, const Wording& wording);

// NAME_mean_train: the mean distance from training people.
Finding train_finding(const std::vector<ColumnComparison>& columns, const Wording& wording);

}  // namespace understudy
