// What the metrics share: which columns are measured, one column of a cohort as numbers, and resampled subjects.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "understudy/metric.h"

namespace understudy {

// How often each subject counts; one entry per subject.
using Weights = std::span<const std::uint8_t>;

// Columns that metrics look at: every type but id, text and codes, statics first (the order of Cohort::flat()).
std::vector<ColumnSpec> measured_columns(const Schema& schema);

// Rows of Cohort::flat(): series rows, or subjects where there is no series.
std::int64_t row_count(const Cohort& cohort);

// ErrorKind::input when train, holdout or synthetic has no subject.
void check_evaluation(const Evaluation& evaluation, std::string_view metric);

// One column as numbers: one value per subject for statics, one per row for series.
struct Sample {
  std::vector<double> values;            // NaN where missing; infinite values count as missing
  std::span<const std::int32_t> owners;  // the subject of each value; points into the CohortView
  std::int64_t subjects = 0;
};

// A cohort seen column by column. Keeps a reference: the cohort must live longer.
class CohortView {
 public:
  explicit CohortView(const Cohort& cohort);
  const Cohort& cohort() const { return cohort_; }
  bool per_subject(const ColumnSpec& spec) const;
  Sample sample(const ColumnSpec& spec) const;
  std::span<const std::int32_t> static_owners() const { return static_owners_; }
  std::span<const std::int32_t> series_owners() const { return series_owners_; }

 private:
  const Cohort& cohort_;
  std::vector<std::int32_t> static_owners_;
  std::vector<std::int32_t> series_owners_;
};

// Poisson bootstrap over subjects (Chamandy et al. 2012): in each replicate a subject counts Poisson(1) times. The
// draws hang on the subject's key, so that the order of the subjects does not matter.
class Resamples {
 public:
  Resamples(const Cohort& cohort, int replicates, const Rng& rng);
  int replicates() const { return replicates_; }
  Weights weights(int replicate) const;
  Weights once() const { return once_; }  // every subject counts once

 private:
  int replicates_;
  std::size_t subjects_;
  std::vector<std::uint8_t> weights_;  // [replicates x subjects]
  std::vector<std::uint8_t> once_;
};

// 40 replicates, 20 where a cohort has more than 100,000 rows, none where one has fewer than two subjects.
int replicate_count(const Evaluation& evaluation);

// Subjects in an order that depends on their keys and `rng` alone.
std::vector<std::int64_t> drawn_order(const Cohort& cohort, const Rng& rng);
// As many of them as it takes to reach `rows` rows.
Cohort draw_subjects(const Cohort& cohort, std::int64_t rows, const Rng& rng);

}  // namespace understudy
