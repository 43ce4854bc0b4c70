#include "metrics/compare.h"

namespace understudy {
namespace {

constexpr char kEqual[] = "; 0 is equal, the reference is what other real people score.";

Resamples resample(const Evaluation& evaluation, const Context& context, Role role) {
  constexpr std::string_view kStreams[] = {"resamples of train", "resamples of holdout", "resamples of synthetic"};
  return Resamples(cohort_of(evaluation, role), replicate_count(evaluation),
                   context.rng(kStreams[static_cast<std::size_t>(role)]));
}

}  // namespace

const Cohort& cohort_of(const Evaluation& evaluation, Role role) {
  if (role == Role::train) return evaluation.train;
  return role == Role::holdout ? evaluation.holdout : evaluation.synthetic;
}

ByRole<CohortView> views_of(const Evaluation& evaluation) {
  return ByRole<CohortView>([&](Role role) { return CohortView(cohort_of(evaluation, role)); });
}

ByRole<Resamples> resamples_of(const Evaluation& evaluation, const Context& context) {
  return ByRole<Resamples>([&](Role role) { return resample(evaluation, context, role); });
}

ByRole<Cohort> draw_people(const Evaluation& evaluation, const Context& context) {
  return ByRole<Cohort>([&](Role role) {
    const Cohort& cohort = cohort_of(evaluation, role);
    if (row_count(cohort) <= kMostDrawnRows) return cohort;
    return draw_subjects(cohort, kMostDrawnRows, context.rng("people drawn for comparison"));
  });
}

std::vector<Finding> distance_findings(const std::vector<ColumnComparison>& columns, const Wording& wording) {
  const std::string name(wording.name);
  const std::string meaning(wording.meaning);
  const std::string absence(wording.absence);
  const auto over_columns = [&](Summary summary, const std::string& ending, const std::string& where) {
    return make_finding(name + ending, {}, table_estimate(columns, summary, Against::holdout, wording.maximum),
                        Better::lower, meaning + where + kEqual, absence);
  };
  std::vector<Finding> findings;
  findings.push_back(over_columns(Summary::mean, "_mean", ", mean over the columns"));
  findings.push_back(over_columns(Summary::worst, "_worst", ", in the column where it is largest"));
  for (const ColumnComparison& column : columns) {
    findings.push_back(make_finding(name, {column.column}, column_estimate(column, Against::holdout, wording.maximum),
                                    Better::lower, meaning + kEqual, std::string(wording.column_absence)));
  }
  return findings;
}

Finding train_finding(const std::vector<ColumnComparison>& columns, const Wording& wording) {
  constexpr std::string_view kHoldout = "holdout";
  std::string meaning(wording.meaning);
  meaning.replace(meaning.find(kHoldout), kHoldout.size(), "training");
  return make_finding(std::string(wording.name) + "_mean_train", {},
                      table_estimate(columns, Summary::mean, Against::train, wording.maximum), Better::lower,
                      meaning + ", mean over the columns; far below the reference, the generator repeats its training "
                                "people.",
                      std::string(wording.absence));
}

}  // namespace understudy
