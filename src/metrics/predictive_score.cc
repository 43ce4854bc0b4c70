#include "metrics/predictive_score.h"

#include <cmath>
#include <limits>
#include <string>

#include "metrics/windows.h"

namespace understudy {
namespace {

constexpr std::int64_t kSteps = 600;

// Which columns of the next row are forecast, and the column that the network does not see.
struct Question {
  std::vector<std::size_t> targets;
  std::optional<std::size_t> unseen;
};

std::vector<std::size_t> forecast_columns(std::span<const ScaledColumn> columns) {
  std::vector<std::size_t> result;
  for (std::size_t c = 0; c < columns.size(); ++c) {
    if (is_numeric(columns[c].spec.type) && columns[c].varies) result.push_back(c);
  }
  return result;
}

// Mean absolute error of each person's forecasts, NaN where there is none.
std::vector<double> person_errors(const Windows& windows, const Question& question, const FittedLearner& fitted) {
  const SequenceBatch batch = windows.batch(question.unseen);
  const auto answers = fitted.answers(batch);
  const auto targets = windows.next_values(question.targets);
  std::vector<double> sums(static_cast<std::size_t>(windows.people()));
  std::vector<double> counts(sums.size());
  for (std::size_t w = 0; w < windows.owners().size(); ++w) {
    const auto owner = static_cast<std::size_t>(windows.owners()[w]);
    const std::size_t width = question.targets.size();
    const std::size_t end = static_cast<std::size_t>(batch.offsets[w + 1]) * width;
    for (std::size_t i = static_cast<std::size_t>(batch.offsets[w]) * width; i < end; ++i) {
      if (std::isnan(targets[i])) continue;
      sums[owner] += std::abs(double{answers[i]} - double{targets[i]});
      counts[owner] += 1;
    }
  }
  for (std::size_t p = 0; p < sums.size(); ++p) sums[p] = counts[p] > 0 ? sums[p] / counts[p] : kNotMeasured;
  return sums;
}

// The estimate of each question.
std::vector<Estimate> measure(const Evaluation& evaluation, std::span<const ScaledColumn> columns,
                              const std::vector<Question>& questions, const Context& context) {
  const auto windows = windows_of(evaluation, columns, context);
  std::vector<Estimate> result(questions.size());
  for (const Role role : kRoles) {
    if (windows[role].size() == 0) return result;
  }
  const LearnerPlan plan = learner_plan(LearnerTask::regress, kSteps, columns);
  std::vector<double> references(questions.size());
  for_each_fit(static_cast<std::int64_t>(2 * questions.size()), context, "predictive score",
               [&](std::int64_t i, const Context& own) {
                 const auto q = static_cast<std::size_t>(i) / 2;
                 const Windows& source = windows[i % 2 == 0 ? Role::synthetic : Role::train];
                 const auto fitted = evaluation.learner->fit(source.batch(questions[q].unseen),
                                                             source.next_values(questions[q].targets), plan, own);
                 const auto errors = person_errors(windows[Role::holdout], questions[q], *fitted);
                 if (i % 2 == 0) {
                   result[q] = mean_estimate(errors, 0, std::numeric_limits<double>::infinity());
                 } else {
                   references[q] = mean_of(errors);
                 }
               });
  for (std::size_t q = 0; q < questions.size(); ++q) result[q].reference = references[q];
  return result;
}

constexpr char kMeaning[] =
    " of holdout people one row ahead by a recurrent network that was fitted on synthetic people, in units of the "
    "holdout's range; 0 is always right, the reference is fitted on real people.";

}  // namespace

std::vector<Finding> evaluate_predictive_score(const Evaluation& evaluation, const Context& context) {
  check_evaluation(evaluation, "predictive_score");
  context.check_cancelled();
  const auto columns = scaled_columns(evaluation);
  if (columns.empty()) return {};
  const auto targets = forecast_columns(columns);
  const bool able = evaluation.learner != nullptr;
  std::vector<Question> questions(2);
  std::vector<Estimate> estimates(2);
  std::vector<std::string> last;
  if (!targets.empty()) {
    last = {columns[targets.back()].spec.name};
    questions[0].targets = {targets.back()};
    if (columns.size() > 1) questions[0].unseen = targets.back();
    questions[1].targets = targets;
    if (able) estimates = measure(evaluation, columns, questions, context);
  }
  const std::string absence = !able ? "it needs a recurrent network, and this build has none"
                                    : "no holdout person has two rows with a numeric column that varies, or nobody else "
                                      "has two rows";
  const std::string of = last.empty() ? "a column" : last[0];
  return {make_finding("predictive_score", last, estimates[0], Better::lower,
                       "Mean absolute error of forecasts of " + of + kMeaning, absence),
          make_finding("predictive_score_all", {}, estimates[1], Better::lower,
                       "Mean absolute error of forecasts of every numeric column" + std::string(kMeaning), absence)};
}

}  // namespace understudy
