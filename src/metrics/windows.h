// Series as a recurrent network sees them: cut into windows and scaled. What the scores of TimeGAN share (Yoon, Jarrett
// and van der Schaar 2019, github.com/jsyoon0823/TimeGAN, metrics/ and data_loading.py).
//
// A window is up to 24 rows in a row of one person; 24 is TimeGAN's length. Who has 24 rows or more gives whole windows,
// at most 8, spread evenly; who has 2 to 23 gives one; who has fewer gives none. A feature is a measured column of the
// series, categories by their number, scaled so that holdout people lie in [0, 1] as in TimeGAN; others are held within
// [-1, 2]. A missing value is the person's last one, before the first the mean of holdout people; a column that lacks a
// value in one of the three cohorts has a second feature, 1 where there is a value and 0 where there is none.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "metrics/compare.h"
#include "understudy/learner.h"

namespace understudy {

inline constexpr std::int64_t kWindowRows = 24;
inline constexpr std::int64_t kPersonWindows = 8;
inline constexpr std::int64_t kMostWindows = 2000;  // of a cohort

struct ScaledColumn {
  ColumnSpec spec;
  double low = 0;        // smallest value of holdout people
  double range = 1;      // largest minus smallest; 1 where they are equal
  double mean = 0;       // of holdout people, scaled
  bool varies = false;   // in holdout people
  bool lacks = false;    // a value somewhere, in one of the three cohorts

  double scaled(double value) const;  // NaN stays NaN
};

// Every measured column of the series; none where the schema has no series or no numeric column in it.
std::vector<ScaledColumn> scaled_columns(const Evaluation& evaluation);

class Windows {
 public:
  // Of at most `most` windows: all those of people drawn by their keys until there are enough. `columns` must outlive it.
  Windows(const Cohort& cohort, std::span<const ScaledColumn> columns, std::int64_t most, const Rng& rng);

  std::int64_t size() const { return static_cast<std::int64_t>(owners_.size()); }
  std::int64_t people() const { return owners_.empty() ? 0 : owners_.back() + 1; }
  // The person of each window, numbered in the order of the draw: 0, 0, 1, 2, 2 ...
  std::span<const std::int32_t> owners() const { return owners_; }

  // Columns in the schema's order, then those of presence; without the column `left_out` and its presence.
  SequenceBatch batch(std::span<const std::int64_t> windows, std::optional<std::size_t> left_out = {}) const;
  SequenceBatch batch(std::optional<std::size_t> left_out = {}) const;  // all of them
  // For each row of all windows the scaled values of these columns in the next row, [rows x columns]; NaN where there is
  // none, or no next row.
  std::vector<float> next_values(std::span<const std::size_t> columns) const;

 private:
  std::span<const ScaledColumn> columns_;
  std::vector<std::int32_t> owners_;
  std::vector<std::size_t> offsets_ = {0};
  std::vector<std::vector<float>> measured_;  // [column][row], NaN where missing
  std::vector<std::vector<float>> filled_;    // [column][row]
};

// Of the three cohorts, each at most kMostWindows.
ByRole<Windows> windows_of(const Evaluation& evaluation, std::span<const ScaledColumn> columns, const Context& context);

// Half as many recurrent units as there are columns, as in TimeGAN, but at least 8 and at most 32.
LearnerPlan learner_plan(LearnerTask task, std::int64_t steps, std::span<const ScaledColumn> columns);

// Calls fit(i, context) for every i on the context's threads, each with a seed of its own; reports "learning" in
// networks.
void for_each_fit(std::int64_t count, const Context& context, std::string_view purpose,
                  const std::function<void(std::int64_t, const Context&)>& fit);

}  // namespace understudy
