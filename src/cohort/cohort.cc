#include "understudy/cohort.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "understudy/error.h"

namespace understudy {
namespace {

// Series rows of the given subjects, in order.
std::vector<std::int64_t> rows_of(const Cohort& cohort, std::span<const std::int64_t> subjects) {
  std::vector<std::int64_t> rows;
  for (const std::int64_t subject : subjects) {
    const auto s = static_cast<std::size_t>(subject);
    for (std::int64_t row = cohort.offsets[s]; row < cohort.offsets[s + 1]; ++row) rows.push_back(row);
  }
  return rows;
}

double operand(const Cohort& cohort, const std::string& name, std::int64_t subject, std::int64_t row) {
  const bool in_series = cohort.series.find(name) >= 0;
  const Column& column = in_series ? cohort.series.column(name) : cohort.statics.column(name);
  const std::int64_t at = in_series ? row : subject;
  return column.is_valid(at) ? column.number(at) : std::nan("");
}

// A missing operand makes every comparison false, so the constraint holds.
bool broken(const Cohort& cohort, const Constraint& constraint, std::int64_t subject, std::int64_t row) {
  constexpr double kRounding = 1e-9;
  if (constraint.kind == Constraint::Kind::less_equal) {
    const double low = operand(cohort, constraint.columns[0], subject, row);
    const double high = operand(cohort, constraint.columns[1], subject, row);
    return low > high + kRounding;
  }
  double sum = 0;
  for (const std::string& name : constraint.columns) sum += operand(cohort, name, subject, row);
  return sum > constraint.limit + kRounding;
}

}  // namespace

std::vector<std::int64_t> Cohort::owners() const {
  std::vector<std::int64_t> result(static_cast<std::size_t>(series.rows()));
  for (std::int64_t s = 0; s < size(); ++s) {
    const auto i = static_cast<std::size_t>(s);
    if (schema.has_series()) std::fill(result.begin() + offsets[i], result.begin() + offsets[i + 1], s);
  }
  return result;
}

Cohort Cohort::select(std::span<const std::int64_t> wanted) const {
  Cohort result;
  result.schema = schema;
  for (const std::int64_t s : wanted) result.subjects.push_back(subjects[static_cast<std::size_t>(s)]);
  result.statics = statics.select(wanted);
  result.times = Column(times.type());
  result.offsets = {0};
  if (!schema.has_series()) return result;
  const auto rows = rows_of(*this, wanted);
  result.series = series.select(rows);
  if (times.size() > 0) result.times = times.select(rows);
  for (const std::int64_t s : wanted) result.offsets.push_back(result.offsets.back() + series_rows(s));
  return result;
}

Table Cohort::flat() const {
  if (!schema.has_series()) return statics;
  std::vector<ColumnSpec> specs = schema.statics();
  const std::size_t static_count = specs.size();
  const auto series_specs = schema.series();
  specs.insert(specs.end(), series_specs.begin(), series_specs.end());
  Table result(specs);
  result.resize(series.rows());
  const auto owner = owners();
  for (std::size_t c = 0; c < static_count; ++c) result.column(c) = statics.column(c).select(owner);
  for (std::size_t c = 0; c < series_specs.size(); ++c) result.column(static_count + c) = series.column(c);
  return result;
}

bool Cohort::operator==(const Cohort& other) const {
  return schema.name == other.schema.name && subjects == other.subjects && statics == other.statics &&
         series == other.series && times == other.times && offsets == other.offsets;
}

Cohort make_cohort(const Schema& schema) {
  Cohort cohort;
  cohort.schema = schema;
  cohort.statics = Table(schema.statics());
  cohort.series = Table(schema.has_series() ? schema.series() : std::vector<ColumnSpec>{});
  if (!schema.time.empty()) cohort.times = Column(schema.time_spec.type);
  cohort.offsets = {0};
  return cohort;
}

std::vector<std::vector<std::int64_t>> split_subjects(const Cohort& cohort, std::span<const double> shares,
                                                      const Rng& rng) {
  std::vector<std::pair<std::uint64_t, std::int64_t>> order;
  for (std::int64_t s = 0; s < cohort.size(); ++s) {
    order.emplace_back(rng.stream(cohort.subjects[static_cast<std::size_t>(s)]).next(), s);
  }
  std::sort(order.begin(), order.end());
  std::vector<std::vector<std::int64_t>> parts;
  double share_so_far = 0;
  std::size_t begin = 0;
  for (const double share : shares) {
    if (!(share >= 0) || share_so_far + share > 1 + 1e-9) {
      fail(ErrorKind::usage, "split shares must be at least 0 and sum to at most 1");
    }
    share_so_far += share;
    const auto end = static_cast<std::size_t>(std::llround(share_so_far * static_cast<double>(cohort.size())));
    std::vector<std::int64_t> part;
    for (std::size_t i = begin; i < end; ++i) part.push_back(order[i].second);
    std::sort(part.begin(), part.end());
    parts.push_back(std::move(part));
    begin = end;
  }
  return parts;
}

std::vector<std::int64_t> constraint_violations(const Cohort& cohort) {
  std::vector<std::int64_t> counts;
  for (const Constraint& constraint : cohort.schema.constraints) {
    const bool any_series = std::any_of(constraint.columns.begin(), constraint.columns.end(),
                                        [&](const auto& name) { return cohort.series.find(name) >= 0; });
    std::int64_t count = 0;
    if (any_series) {
      const auto owner = cohort.owners();
      for (std::int64_t row = 0; row < cohort.series.rows(); ++row) {
        count += broken(cohort, constraint, owner[static_cast<std::size_t>(row)], row);
      }
    } else {
      for (std::int64_t s = 0; s < cohort.size(); ++s) count += broken(cohort, constraint, s, 0);
    }
    counts.push_back(count);
  }
  return counts;
}

}  // namespace understudy
