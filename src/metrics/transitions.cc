#include "metrics/transitions.h"

#include <cmath>
#include <numeric>

#include "metrics/compare.h"
#include "metrics/measures.h"
#include "metrics/series.h"

namespace understudy {
namespace {

struct Step {
  std::uint32_t person;
  std::uint32_t cell;  // state * states + next state
};

struct Steps {
  std::size_t states = 0;
  std::vector<Step> steps;

  std::vector<double> counts(Weights weights) const {
    std::vector<double> cells(states * states);
    for (const Step& step : steps) cells[step.cell] += weights[step.person];
    return cells;
  }
};

Steps steps_of(const CohortView& view, const ColumnSpec& spec) {
  const PreparedColumn column(view.sample(spec).values, spec);
  const auto missing = static_cast<std::size_t>(column.levels);
  const auto state = [&](std::size_t row) {
    return column.codes[row] < 0 ? missing : static_cast<std::size_t>(column.codes[row]);
  };
  Steps result;
  result.states = missing + 1;
  for_each_person(view.cohort(), [&](std::size_t person, std::size_t first, std::size_t end) {
    for (std::size_t row = first + 1; row < end; ++row) {
      const std::size_t cell = state(row - 1) * result.states + state(row);
      result.steps.push_back({static_cast<std::uint32_t>(person), static_cast<std::uint32_t>(cell)});
    }
  });
  return result;
}

// Half the summed differences of shares of one state's row; 1 where one cohort never leaves the state.
double row_distance(std::span<const double> first, std::span<const double> second, double first_sum,
                    double second_sum) {
  if (first_sum == 0 || second_sum == 0) return 1;
  double sum = 0;
  for (std::size_t next = 0; next < first.size(); ++next) {
    sum += std::abs(first[next] / first_sum - second[next] / second_sum);
  }
  return sum / 2;
}

double distance(const Steps& first, Weights first_weights, const Steps& second, Weights second_weights) {
  if (first.steps.empty() != second.steps.empty()) return 1;
  const std::vector<double> a = first.counts(first_weights);
  const std::vector<double> b = second.counts(second_weights);
  const double a_total = std::accumulate(a.begin(), a.end(), 0.0);
  const double b_total = std::accumulate(b.begin(), b.end(), 0.0);
  if (a_total == 0 || b_total == 0) return kNotMeasured;
  double sum = 0;
  for (std::size_t state = 0; state < first.states; ++state) {
    const auto a_row = std::span(a).subspan(state * first.states, first.states);
    const auto b_row = std::span(b).subspan(state * first.states, first.states);
    const double a_sum = std::accumulate(a_row.begin(), a_row.end(), 0.0);
    const double b_sum = std::accumulate(b_row.begin(), b_row.end(), 0.0);
    if (a_sum == 0 && b_sum == 0) continue;
    sum += (a_sum / a_total + b_sum / b_total) / 2 * row_distance(a_row, b_row, a_sum, b_sum);
  }
  return sum;
}

}  // namespace

std::vector<Finding> evaluate_transitions(const Evaluation& evaluation, const Context& context) {
  check_evaluation(evaluation, "transitions");
  if (!evaluation.train.schema.has_series()) return {};
  const auto specs = series_columns(evaluation.train.schema, is_categorical);
  const auto views = views_of(evaluation);
  const auto describe = [&](Role role, std::size_t item) { return steps_of(views[role], specs[item]); };
  constexpr Wording wording = {.name = "transition_tv",
                           .meaning = "Share of next states that would have to change to turn the synthetic into "
                                      "holdout people's steps from row to row, a missing value being a state",
                           .absence = "there is no categorical series column, or no person with two rows",
                           .column_absence = "no person has two rows"};
  return distance_findings(compare_items(evaluation, context, names_of(specs), describe, distance), wording);
}

}  // namespace understudy
