#include "metrics/windows.h"

#include <algorithm>
#include <cmath>
#include <mutex>
#include <numeric>

#include "metrics/series.h"

namespace understudy {
namespace {

ScaledColumn scaled_column(const ColumnSpec& spec, const ByRole<CohortView>& views) {
  ScaledColumn result;
  result.spec = spec;
  for (const Role role : kRoles) {
    for (const double v : views[role].sample(spec).values) result.lacks = result.lacks || std::isnan(v);
  }
  std::vector<double> values = views[Role::holdout].sample(spec).values;
  std::erase_if(values, [](double v) { return std::isnan(v); });
  if (values.empty()) return result;
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  result.varies = *high > *low;
  result.low = *low;
  result.range = result.varies ? *high - *low : 1;
  for (double& v : values) v = result.scaled(v);
  result.mean = mean_of(values);
  return result;
}

// First row and length of each window of a person with so many rows.
std::vector<std::pair<std::int64_t, std::int64_t>> person_windows(std::int64_t rows) {
  if (rows < 2) return {};
  if (rows < kWindowRows) return {{0, rows}};
  const std::int64_t all = rows / kWindowRows;
  const std::int64_t count = std::min(all, kPersonWindows);
  std::vector<std::pair<std::int64_t, std::int64_t>> result;
  for (std::int64_t i = 0; i < count; ++i) result.emplace_back(i * all / count * kWindowRows, kWindowRows);
  return result;
}

}  // namespace

double ScaledColumn::scaled(double value) const { return std::clamp((value - low) / range, -1.0, 2.0); }

std::vector<ScaledColumn> scaled_columns(const Evaluation& evaluation) {
  if (series_columns(evaluation.holdout.schema, is_numeric).empty()) return {};
  const auto views = views_of(evaluation);
  std::vector<ScaledColumn> result;
  for (const ColumnSpec& spec : series_columns(evaluation.holdout.schema, any_type)) {
    result.push_back(scaled_column(spec, views));
  }
  return result;
}

Windows::Windows(const Cohort& cohort, std::span<const ScaledColumn> columns, std::int64_t most, const Rng& rng)
    : columns_(columns) {
  std::vector<std::int64_t> people;
  std::vector<std::size_t> rows;  // of the people drawn
  std::int64_t first = 0;
  for (const std::int64_t s : drawn_order(cohort, rng)) {
    const auto windows = person_windows(cohort.series_rows(s));
    if (windows.empty()) continue;
    if (size() + static_cast<std::int64_t>(windows.size()) > most) break;
    for (const auto& [start, length] : windows) {
      for (std::int64_t row = 0; row < length; ++row) rows.push_back(static_cast<std::size_t>(first + start + row));
      offsets_.push_back(rows.size());
      owners_.push_back(static_cast<std::int32_t>(people.size()));
    }
    people.push_back(s);
    first += cohort.series_rows(s);
  }
  const Cohort drawn = cohort.select(people);
  const CohortView view(drawn);
  for (const ScaledColumn& column : columns) {
    std::vector<double> values = view.sample(column.spec).values;
    for (double& v : values) v = column.scaled(v);
    const std::vector<double> filled = carried_forward(drawn, values);
    auto& measured = measured_.emplace_back();
    auto& complete = filled_.emplace_back();
    for (const std::size_t row : rows) {
      measured.push_back(static_cast<float>(values[row]));
      complete.push_back(static_cast<float>(std::isnan(filled[row]) ? column.mean : filled[row]));
    }
  }
}

SequenceBatch Windows::batch(std::span<const std::int64_t> windows, std::optional<std::size_t> left_out) const {
  std::vector<std::size_t> values;
  std::vector<std::size_t> presences;
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    if (c == left_out) continue;
    values.push_back(c);
    if (columns_[c].lacks) presences.push_back(c);
  }
  SequenceBatch result;
  result.features = static_cast<std::int64_t>(values.size() + presences.size());
  for (const std::int64_t window : windows) {
    const auto w = static_cast<std::size_t>(window);
    for (std::size_t row = offsets_[w]; row < offsets_[w + 1]; ++row) {
      for (const std::size_t c : values) result.values.push_back(filled_[c][row]);
      for (const std::size_t c : presences) result.values.push_back(std::isnan(measured_[c][row]) ? 0.0F : 1.0F);
    }
    result.offsets.push_back(result.rows() + static_cast<std::int64_t>(offsets_[w + 1] - offsets_[w]));
  }
  return result;
}

SequenceBatch Windows::batch(std::optional<std::size_t> left_out) const {
  std::vector<std::int64_t> all(owners_.size());
  std::iota(all.begin(), all.end(), 0);
  return batch(all, left_out);
}

std::vector<float> Windows::next_values(std::span<const std::size_t> columns) const {
  std::vector<float> result;
  for (std::size_t w = 0; w < owners_.size(); ++w) {
    for (std::size_t row = offsets_[w] + 1; row <= offsets_[w + 1]; ++row) {
      for (const std::size_t c : columns) {
        result.push_back(row < offsets_[w + 1] ? measured_[c][row] : std::numeric_limits<float>::quiet_NaN());
      }
    }
  }
  return result;
}

ByRole<Windows> windows_of(const Evaluation& evaluation, std::span<const ScaledColumn> columns,
                           const Context& context) {
  return ByRole<Windows>([&](Role role) {
    const Rng rng = context.rng("windows", static_cast<std::uint64_t>(role));
    return Windows(cohort_of(evaluation, role), columns, kMostWindows, rng);
  });
}

LearnerPlan learner_plan(LearnerTask task, std::int64_t steps, std::span<const ScaledColumn> columns) {
  LearnerPlan plan;
  plan.task = task;
  plan.hidden = std::clamp<std::int64_t>(static_cast<std::int64_t>(columns.size()) / 2, 8, 32);
  plan.steps = steps;
  return plan;
}

void for_each_fit(std::int64_t count, const Context& context, std::string_view purpose,
                  const std::function<void(std::int64_t, const Context&)>& fit) {
  std::mutex guard;
  std::int64_t done = 0;
  parallel_for(count, context.threads, [&](std::int64_t i) {
    Context own;
    own.seed = context.rng(purpose, static_cast<std::uint64_t>(i)).next();
    own.cancelled = context.cancelled;
    own.check_cancelled();
    fit(i, own);
    const std::lock_guard lock(guard);
    context.report({.stage = "learning", .unit = "networks", .done = ++done, .total = count});
  });
}

}  // namespace understudy
