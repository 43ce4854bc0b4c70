#include "metrics/sample.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "understudy/error.h"

namespace understudy {
namespace {

// P(Poisson(1) <= k), k = 0, 1, ...
constexpr std::array<double, 10> kPoisson = {
    0.36787944117144233, 0.73575888234288467, 0.91969860292860584, 0.98101184312384617, 0.99634015317265634,
    0.99940581518241834, 0.99991675885071201, 0.99998975080332536, 0.99999887479740202, 0.99999988857452166};

std::uint8_t poisson(Rng& rng) {
  const double u = rng.uniform();
  return static_cast<std::uint8_t>(std::upper_bound(kPoisson.begin(), kPoisson.end(), u) - kPoisson.begin());
}

void check_cohort(const Cohort& cohort, std::string_view which, std::string_view metric) {
  if (cohort.size() > 0) return;
  fail(ErrorKind::input, "metric '{}': the {} cohort has no subjects; at least one is needed", metric, which);
}

}  // namespace

std::vector<ColumnSpec> measured_columns(const Schema& schema) {
  std::vector<ColumnSpec> specs = schema.statics();
  if (schema.has_series()) {
    const auto series = schema.series();
    specs.insert(specs.end(), series.begin(), series.end());
  }
  std::erase_if(specs, [](const ColumnSpec& s) { return !is_numeric(s.type) && !is_categorical(s.type); });
  return specs;
}

std::int64_t row_count(const Cohort& cohort) {
  return cohort.schema.has_series() ? cohort.series.rows() : cohort.size();
}

void check_evaluation(const Evaluation& evaluation, std::string_view metric) {
  check_cohort(evaluation.train, "training", metric);
  check_cohort(evaluation.holdout, "holdout", metric);
  check_cohort(evaluation.synthetic, "synthetic", metric);
}

CohortView::CohortView(const Cohort& cohort) : cohort_(cohort) {
  static_owners_.resize(static_cast<std::size_t>(cohort.size()));
  std::iota(static_owners_.begin(), static_owners_.end(), 0);
  if (!cohort.schema.has_series()) return;
  const auto owners = cohort.owners();
  series_owners_.assign(owners.begin(), owners.end());
}

bool CohortView::per_subject(const ColumnSpec& spec) const { return spec.is_static || !cohort_.schema.has_series(); }

Sample CohortView::sample(const ColumnSpec& spec) const {
  const bool by_subject = per_subject(spec);
  Sample result;
  result.values = (by_subject ? cohort_.statics : cohort_.series).column(spec.name).numbers();
  result.owners = by_subject ? static_owners_ : series_owners_;
  result.subjects = cohort_.size();
  for (double& value : result.values) {
    if (!std::isfinite(value)) value = std::numeric_limits<double>::quiet_NaN();
  }
  return result;
}

Resamples::Resamples(const Cohort& cohort, int replicates, const Rng& rng)
    : replicates_(replicates), subjects_(static_cast<std::size_t>(cohort.size())) {
  weights_.resize(static_cast<std::size_t>(replicates) * subjects_);
  once_.assign(subjects_, 1);
  if (replicates == 0) return;
  for (std::size_t s = 0; s < subjects_; ++s) {
    Rng draws = rng.stream(cohort.subjects[s]);
    for (std::size_t r = 0; r < static_cast<std::size_t>(replicates); ++r) weights_[r * subjects_ + s] = poisson(draws);
  }
}

Weights Resamples::weights(int replicate) const {
  return Weights(weights_).subspan(static_cast<std::size_t>(replicate) * subjects_, subjects_);
}

int replicate_count(const Evaluation& evaluation) {
  const Cohort* cohorts[] = {&evaluation.train, &evaluation.holdout, &evaluation.synthetic};
  int count = 40;
  for (const Cohort* cohort : cohorts) {
    if (cohort->size() < 2) return 0;
    if (row_count(*cohort) > 100000) count = 20;
  }
  return count;
}

std::vector<std::int64_t> drawn_order(const Cohort& cohort, const Rng& rng) {
  std::vector<std::pair<std::uint64_t, std::int64_t>> hashes;
  for (std::int64_t s = 0; s < cohort.size(); ++s) {
    hashes.emplace_back(rng.stream(cohort.subjects[static_cast<std::size_t>(s)]).next(), s);
  }
  std::sort(hashes.begin(), hashes.end());
  std::vector<std::int64_t> order;
  for (const auto& [hash, s] : hashes) order.push_back(s);
  return order;
}

Cohort draw_subjects(const Cohort& cohort, std::int64_t rows, const Rng& rng) {
  std::vector<std::int64_t> chosen;
  std::int64_t have = 0;
  for (const std::int64_t s : drawn_order(cohort, rng)) {
    if (have >= rows) break;
    chosen.push_back(s);
    have += cohort.schema.has_series() ? cohort.series_rows(s) : 1;
  }
  return cohort.select(chosen);
}

}  // namespace understudy
