#include "metrics/sequence_length.h"

#include <cmath>
#include <string>

#include "metrics/compare.h"
#include "metrics/distribution.h"
#include "metrics/series.h"

namespace understudy {
namespace {

enum Item : std::size_t { kRows, kSpans, kGaps };

Distribution rows_per_person(const Cohort& cohort) {
  Distribution result;
  for_each_person(cohort, [&](std::size_t person, std::size_t first, std::size_t end) {
    result.add(static_cast<double>(end - first), person);
  });
  result.sort();
  return result;
}

// Times between neighbours of each person's rows whose time is known; or, with `whole`, from the first to the last.
Distribution times_between(const Cohort& cohort, bool whole) {
  Distribution result;
  const auto times = cohort.times.size() > 0 ? row_times(cohort) : std::vector<double>{};
  if (times.empty()) return result;
  std::vector<double> gaps;
  for_each_person(cohort, [&](std::size_t person, std::size_t first, std::size_t end) {
    gaps.clear();
    double start = kNotMeasured;
    double last = kNotMeasured;
    for (std::size_t row = first; row < end; ++row) {
      if (std::isnan(times[row])) continue;
      if (!std::isnan(last)) gaps.push_back(times[row] - last);
      last = times[row];
      start = std::isnan(start) ? last : start;
    }
    if (whole) gaps.assign(1, last - start);
    result.add_all(gaps, person);
  });
  result.sort();
  return result;
}

Finding distance_finding(const std::string& name, const ColumnComparison& comparison, const std::string& of,
                         const std::string& absence) {
  return make_finding(name, {}, column_estimate(comparison, Against::holdout, 1), Better::lower,
                      "Kolmogorov-Smirnov distance of synthetic from holdout people in " + of +
                          "; 0 is equal, the reference is what other real people score.",
                      absence);
}

}  // namespace

std::vector<Finding> evaluate_sequence_length(const Evaluation& evaluation, const Context& context) {
  check_evaluation(evaluation, "sequence_length");
  if (!evaluation.train.schema.has_series()) return {};
  const auto describe = [&](Role role, std::size_t item) {
    const Cohort& cohort = cohort_of(evaluation, role);
    return item == kRows ? rows_per_person(cohort) : times_between(cohort, item == kSpans);
  };
  const auto compared = compare_items(evaluation, context, {"rows", "span", "gap"}, describe, ks_distance);
  const bool timed = !evaluation.train.schema.time.empty();
  const std::string absence = timed ? "no person has rows with a time" : "the schema has no time column";
  std::vector<Finding> findings;
  findings.push_back(distance_finding("rows_per_person_ks", compared[kRows], "the number of rows per person", ""));
  findings.push_back(make_finding("SequenceLengthSimilarity", {},
                                  complement(column_estimate(compared[kRows], Against::holdout, 1)), Better::higher,
                                  "1 minus the largest difference between the distribution functions of the number of "
                                  "rows per synthetic and per holdout person; 1 is equal, the reference is what other "
                                  "real people score.",
                                  ""));
  findings.push_back(
      distance_finding("time_span_ks", compared[kSpans], "the time from a person's first to the last row", absence));
  findings.push_back(distance_finding("row_gap_ks", compared[kGaps], "the time between neighbouring rows of a person",
                                      timed ? "no person has two rows with a time" : absence));
  return findings;
}

}  // namespace understudy
