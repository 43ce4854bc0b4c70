#include "generators/subject_rows.h"

#include "generators/shorten.h"

namespace understudy {

void put_rows(const Timeline& timeline, std::span<const std::int64_t> rows, Table values, std::vector<double> gaps, Cohort& cohort) {
  const bool has_gaps = !timeline.gap.mass.empty();
  std::vector<std::int64_t> kept;
  std::vector<double> times;
  std::int64_t first = 0;
  for (const std::int64_t count : rows) {
    double time = has_gaps ? timeline.origin : 0;
    if (has_gaps && count > 1) {
      const auto own = std::span(gaps).subspan(static_cast<std::size_t>(first) + 1, static_cast<std::size_t>(count) - 1);
      shorten(own, timeline.end - time, timeline.gap.step);
    }
    for (std::int64_t row = first; row < first + count; ++row) {
      if (row > first) time += has_gaps ? gaps[static_cast<std::size_t>(row)] : 1;
      if (time > timeline.end) break;
      kept.push_back(row);
      times.push_back(time);
    }
    first += count;
    cohort.offsets.push_back(static_cast<std::int64_t>(kept.size()));
  }
  cohort.series = static_cast<std::int64_t>(kept.size()) < first ? values.select(kept) : std::move(values);
  if (cohort.schema.time.empty()) return;
  cohort.times.resize(static_cast<std::int64_t>(kept.size()));
  for (std::size_t row = 0; row < times.size(); ++row) cohort.times.set_number(static_cast<std::int64_t>(row), times[row]);
}

}  // namespace understudy
