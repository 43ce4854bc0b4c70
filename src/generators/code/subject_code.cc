#include "generators/code/subject_code.h"

#include <algorithm>
#include <cmath>

#include "generators/shards.h"

namespace understudy {
namespace {

constexpr std::int32_t kFew = 16;  // categories that are told one by one

std::optional<Bins> bins_of_rows(const Schema& schema, const Timeline& timeline, std::int32_t most) {
  if (!schema.has_series() || timeline.rows.mass.empty()) return std::nullopt;
  ColumnSpec rows;
  rows.name = "rows of a subject";
  rows.type = ColumnType::integer;
  rows.nullable = false;
  return Bins(rows, timeline.rows, most);
}

// The first row has none.
std::optional<Bins> bins_of_gaps(const Schema& schema, const Timeline& timeline, std::int32_t most) {
  if (!schema.has_series() || timeline.gap.mass.empty()) return std::nullopt;
  ColumnSpec gap;
  gap.name = "gap between rows";
  gap.type = schema.time_spec.type;
  gap.nullable = true;
  return Bins(gap, timeline.gap, most);
}

}  // namespace

SubjectCode::SubjectCode(const Schema& schema, const Timeline& timeline, std::vector<Marginal> statics, std::vector<Marginal> series,
                         const CodeLimits& of_statics, const CodeLimits& of_series)
    : columns_(schema.series()), statics_(schema.statics(), std::move(statics), bins_of_rows(schema, timeline, of_statics.bins), of_statics),
      series_(schema.series(), std::move(series), bins_of_gaps(schema, timeline, of_series.bins), of_series), sizes_(statics_.sizes()),
      missing_(statics_.missing()) {
  for (const std::int32_t size : sizes_) numbers_ += size <= kFew ? size : 2;
  if (!schema.has_series() || timeline.gap.mass.empty()) return;
  const double rows = std::max(timeline.rows.quantile(0.9), 1.0), gap = std::max(timeline.gap.quantile(0.5), 0.0);
  span_ = std::isfinite(timeline.end) ? timeline.end - timeline.origin : rows * gap;
  if (!(span_ > 0)) span_ = 1;
}

HistoryColumns SubjectCode::history_columns() const {
  HistoryColumns columns{.sizes = series_.sizes(), .missing = series_.missing(), .clock = series_.extra(), .passed = series_.middles_of_extra()};
  for (double& passed : columns.passed) passed /= span_;
  return columns;
}

std::vector<std::int32_t> SubjectCode::encode_statics(const Cohort& cohort) const {
  const std::size_t columns = statics_.columns();
  std::vector<std::int32_t> categories(static_cast<std::size_t>(cohort.size()) * columns);
  for (std::int64_t s = 0; s < cohort.size(); ++s) {
    statics_.encode(cohort.statics, s, static_cast<double>(cohort.series_rows(s)),
                    std::span(categories).subspan(static_cast<std::size_t>(s) * columns, columns));
  }
  return categories;
}

std::vector<std::int32_t> SubjectCode::encode_series(const Cohort& cohort) const {
  const std::size_t columns = series_.columns();
  std::vector<std::int32_t> categories(static_cast<std::size_t>(cohort.series.rows()) * columns);
  for (std::int64_t s = 0; s < cohort.size(); ++s) {
    const std::int64_t first = cohort.offsets[static_cast<std::size_t>(s)];
    for (std::int64_t row = first; row < first + cohort.series_rows(s); ++row) {
      const bool has_gap = row > first && cohort.times.size() > 0;
      const auto gap = has_gap ? std::optional(cohort.times.number(row) - cohort.times.number(row - 1)) : std::nullopt;
      series_.encode(cohort.series, row, gap, std::span(categories).subspan(static_cast<std::size_t>(row) * columns, columns));
    }
  }
  return categories;
}

Table SubjectCode::decode_series(std::span<const std::int32_t> categories, std::vector<double>& gaps, const Context& context,
                                 std::string_view purpose) const {
  const std::size_t columns = series_.columns();
  const auto rows = static_cast<std::int64_t>(gaps.size());
  const bool has_gaps = series_.extra() >= 0;
  Table values(columns_);
  values.resize(rows);
  for_each_shard(rows, context, [&](std::int64_t shard, std::int64_t first, std::int64_t last) {
    Rng rng = context.rng(purpose, static_cast<std::uint64_t>(shard));
    for (auto row = static_cast<std::size_t>(first); row < static_cast<std::size_t>(last); ++row) {
      const auto gap = series_.decode(categories.subspan(row * columns, columns), values, static_cast<std::int64_t>(row), rng);
      if (has_gaps) gaps[row] = std::max(gap.value_or(0), 0.0);
    }
  });
  return values;
}

std::vector<float> SubjectCode::describe(std::span<const std::int32_t> statics) const {
  std::vector<float> numbers;
  for (std::size_t i = 0; i < statics.size(); ++i) {
    const std::size_t k = i % sizes_.size();
    const std::int32_t category = statics[i], size = sizes_[k];
    if (size <= kFew) {
      for (std::int32_t c = 0; c < size; ++c) numbers.push_back(c == category ? 1.0F : 0.0F);
    } else {
      const bool is_there = category != missing_[k];
      numbers.push_back(is_there ? 2 * static_cast<float>(category) / static_cast<float>(size - 1) - 1 : 0.0F);
      numbers.push_back(is_there ? 1.0F : 0.0F);
    }
  }
  return numbers;
}

}  // namespace understudy
