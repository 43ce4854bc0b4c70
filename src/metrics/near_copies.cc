#include "metrics/near_copies.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <string>
#include <unordered_set>

#include "metrics/embedding.h"
#include "metrics/estimate.h"
#include "metrics/sample.h"

namespace understudy {
namespace {

constexpr char kAbsent[] = "there are no rows, or no column other than id, text and codes";

using Keys = std::vector<std::string>;

// Each row as a string of bytes: equal exactly where the rows are equal (missing equals missing).
Keys row_keys(const Table& table, std::span<const ColumnSpec> columns) {
  Keys keys(static_cast<std::size_t>(table.rows()));
  for (const ColumnSpec& spec : columns) {
    const auto numbers = table.column(spec.name).numbers();
    for (std::size_t row = 0; row < keys.size(); ++row) {
      double v = numbers[row] + 0.0;  // -0 becomes 0
      if (std::isnan(v)) v = std::numeric_limits<double>::quiet_NaN();
      char bytes[sizeof v];
      std::memcpy(bytes, &v, sizeof v);
      keys[row].append(bytes, sizeof v);
    }
  }
  return keys;
}

// Rows of the cohort, as hits and owners.
Estimate share_of_rows(const Cohort& cohort, const std::vector<std::uint8_t>& hits) {
  const CohortView view(cohort);
  return share_estimate(hits, cohort.schema.has_series() ? view.series_owners() : view.static_owners(), cohort.size());
}

Estimate exact_share(const Cohort& cohort, const std::unordered_set<std::string>& train,
                     std::span<const ColumnSpec> columns) {
  std::vector<std::uint8_t> hits;
  for (const std::string& key : row_keys(cohort.flat(), columns)) hits.push_back(train.contains(key));
  return share_of_rows(cohort, hits);
}

Finding exact_finding(const Evaluation& e, const Table& train, std::span<const ColumnSpec> columns) {
  Keys keys = row_keys(train, columns);
  const std::unordered_set<std::string> known(std::make_move_iterator(keys.begin()),
                                              std::make_move_iterator(keys.end()));
  Estimate estimate = exact_share(e.synthetic, known, columns);
  estimate.reference = exact_share(e.holdout, known, columns).value;
  return make_finding("exact_copies", {}, estimate, Better::lower,
                      "Share of synthetic rows that are equal to a training row in every column; more than the "
                      "reference (rows of people the generator never saw) points to copying.",
                      kAbsent);
}

// A quarter of the median distance from a holdout row to its nearest training row.
double copy_radius(std::vector<double> distances) {
  const auto middle = distances.begin() + static_cast<std::ptrdiff_t>(distances.size() / 2);
  std::nth_element(distances.begin(), middle, distances.end());
  return *middle / 4;
}

std::vector<std::uint8_t> within(const std::vector<double>& distances, double radius) {
  std::vector<std::uint8_t> hits;
  for (const double d : distances) hits.push_back(d <= radius);
  return hits;
}

Finding near_finding(const Evaluation& e, const Table& train, const std::vector<ColumnSpec>& columns,
                     const Context& context) {
  // Every query meets every training row: about 5 * 10^8 distances a side, 2,000 to 20,000 queries.
  const std::int64_t queries = std::clamp<std::int64_t>(500000000 / train.rows(), 2000, 20000);
  const RowEmbedding embedding(train, columns);
  const auto base = embedding.points(train);
  const auto distances = [&](const Cohort& cohort) {
    context.check_cancelled();
    return nearest_distances(embedding.points(cohort.flat()), base, embedding.width(), context.threads);
  };
  const Cohort holdout = draw_subjects(e.holdout, queries, context.rng("near copies holdout"));
  const Cohort synthetic = draw_subjects(e.synthetic, queries, context.rng("near copies synthetic"));
  const auto real = distances(holdout);
  const auto made = distances(synthetic);
  const double radius = copy_radius(real);
  Estimate estimate = share_of_rows(synthetic, within(made, radius));
  estimate.reference = share_of_rows(holdout, within(real, radius)).value;
  return make_finding("near_copies", {}, estimate, Better::lower,
                      "Share of synthetic rows nearer to a training row than a quarter of what is usual between people; more "
                      "than the reference (rows of people the generator never saw) points to copying. A diagnostic: "
                      "distances do not measure privacy.",
                      kAbsent);
}

}  // namespace

std::vector<Finding> evaluate_near_copies(const Evaluation& evaluation, const Context& context) {
  check_evaluation(evaluation, "near_copies");
  const auto columns = measured_columns(evaluation.train.schema);
  const bool empty = columns.empty() || row_count(evaluation.train) == 0 || row_count(evaluation.holdout) == 0 ||
                     row_count(evaluation.synthetic) == 0;
  if (empty) {
    return {make_finding("near_copies", {}, {}, Better::lower, "", kAbsent),
            make_finding("exact_copies", {}, {}, Better::lower, "", kAbsent)};
  }
  const Table train = evaluation.train.flat();
  return {near_finding(evaluation, train, columns, context), exact_finding(evaluation, train, columns)};
}

}  // namespace understudy
