#include "metrics/discriminator.h"

#include <algorithm>
#include <numeric>
#include <string>

#include "metrics/auc.h"
#include "metrics/sample.h"
#include "metrics/xgboost.h"

namespace understudy {
namespace {

// Drawn rows of one class. Subjects are numbered in the order of the draw: subject s lies in fold s mod folds.
struct Class {
  Features features;
  std::vector<std::int32_t> owners;
  std::int64_t subjects = 0;
};

Class draw_class(const Cohort& cohort, std::int64_t rows, const Rng& rng) {
  const Cohort drawn = draw_subjects(cohort, rows, rng);
  const CohortView view(drawn);
  const auto owners = cohort.schema.has_series() ? view.series_owners() : view.static_owners();
  std::vector<std::int64_t> first(static_cast<std::size_t>(rows));
  std::iota(first.begin(), first.end(), 0);
  Class result;
  result.features = select_rows(features_of(drawn.flat(), measured_columns(cohort.schema)), first);
  std::int32_t before = -1;
  for (const std::int64_t row : first) {  // people without rows get no number
    const std::int32_t owner = owners[static_cast<std::size_t>(row)];
    result.subjects += owner != before;
    before = owner;
    result.owners.push_back(static_cast<std::int32_t>(result.subjects - 1));
  }
  return result;
}

std::vector<std::int64_t> fold_rows(const Class& data, std::int64_t fold, std::int64_t folds, bool inside) {
  std::vector<std::int64_t> rows;
  for (std::size_t i = 0; i < data.owners.size(); ++i) {
    if ((data.owners[i] % folds == fold) == inside) rows.push_back(static_cast<std::int64_t>(i));
  }
  return rows;
}

FoldScores score_fold(const Class& first, const Class& second, std::int64_t fold, std::int64_t folds,
                      std::uint64_t seed) {
  Features training = select_rows(first.features, fold_rows(first, fold, folds, false));
  std::vector<float> labels(static_cast<std::size_t>(training.rows), 1.0F);
  const Features other = select_rows(second.features, fold_rows(second, fold, folds, false));
  training.values.insert(training.values.end(), other.values.begin(), other.values.end());
  training.rows += other.rows;
  labels.resize(static_cast<std::size_t>(training.rows), 0.0F);
  BoostOptions options;
  options.seed = seed;
  const Booster booster = Booster::train(training, labels, options);
  FoldScores scores;
  const auto first_rows = fold_rows(first, fold, folds, true);
  const auto second_rows = fold_rows(second, fold, folds, true);
  scores.positive = booster.predict(select_rows(first.features, first_rows));
  scores.negative = booster.predict(select_rows(second.features, second_rows));
  for (const auto row : first_rows) scores.positive_owners.push_back(first.owners[static_cast<std::size_t>(row)]);
  for (const auto row : second_rows) scores.negative_owners.push_back(second.owners[static_cast<std::size_t>(row)]);
  return scores;
}

}  // namespace

Estimate discriminator_auc(const Cohort& first, const Cohort& second, std::int64_t most_rows, const Context& context,
                           std::string_view purpose) {
  constexpr std::int64_t kFolds = 5;
  const std::int64_t rows = std::min({row_count(first), row_count(second), most_rows});
  if (rows == 0 || measured_columns(first.schema).empty()) return {};
  const Rng rng = context.rng(purpose);
  const Class a = draw_class(first, rows, rng.stream("first"));
  const Class b = draw_class(second, rows, rng.stream("second"));
  const std::int64_t folds = std::min({kFolds, a.subjects, b.subjects});
  if (folds < 2) return {};
  std::vector<FoldScores> scores(static_cast<std::size_t>(folds));
  parallel_for(folds, context.threads, [&](std::int64_t fold) {
    context.check_cancelled();
    const std::uint64_t seed = rng.stream("trees", static_cast<std::uint64_t>(fold)).next();
    scores[static_cast<std::size_t>(fold)] = score_fold(a, b, fold, folds, seed);
  });
  return cross_fitted_auc(scores);
}

std::vector<Finding> evaluate_discriminator(const Evaluation& evaluation, const Context& context) {
  check_evaluation(evaluation, "discriminator");
  constexpr std::int64_t kMostRows = 20000;
  Estimate estimate =
      discriminator_auc(evaluation.synthetic, evaluation.holdout, kMostRows, context, "discriminator synthetic");
  estimate.reference =
      discriminator_auc(evaluation.train, evaluation.holdout, kMostRows, context, "discriminator train").value;
  return {make_finding("discriminator_auc", {}, estimate, Better::lower,
                       "How well gradient-boosted trees tell synthetic rows from rows of holdout people they have not "
                       "seen; 0.5 is a coin, 1 is always right, the reference is real people against real people.",
                       "at least two people with rows are needed on both sides, and a column other than id and text")};
}

}  // namespace understudy
