#include "encode/timeline.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "understudy/error.h"

namespace understudy {
namespace {

constexpr double kMostRows = 1e8;  // of a subject; a sensor read every second writes them in three years
constexpr double kSecond = 1e6;  // datetimes count microseconds
constexpr double kDay = 86400 * kSecond;

// The largest calendar unit that divides all gaps; 0: use the column's own step.
double calendar_step(const ColumnSpec& time, const Column& gaps) {
  if (time.type != ColumnType::date && time.type != ColumnType::datetime) return 0;
  std::int64_t divisor = 0;
  for (const std::int64_t gap : gaps.values<std::int64_t>()) divisor = std::gcd(divisor, gap);
  const double day = time.type == ColumnType::date ? 1 : kDay;
  for (const double unit : {7 * day, day, day / 24, day / 1440, day / 86400}) {
    if (unit >= 1 && divisor > 0 && divisor % static_cast<std::int64_t>(unit) == 0) return unit;
  }
  return 0;
}

Column row_counts(const Cohort& cohort) {
  Column counts(ColumnType::integer);
  counts.resize(cohort.size());
  for (std::int64_t s = 0; s < cohort.size(); ++s) counts.set_number(s, static_cast<double>(cohort.series_rows(s)));
  return counts;
}

Column gaps_between(const Cohort& cohort) {
  Column gaps(cohort.times.type());
  gaps.resize(cohort.times.size());
  std::int64_t count = 0;
  for (std::size_t s = 0; s < cohort.subjects.size() && cohort.times.size() > 0; ++s) {
    for (std::int64_t row = cohort.offsets[s] + 1; row < cohort.offsets[s + 1]; ++row) {
      gaps.set_number(count++, cohort.times.number(row) - cohort.times.number(row - 1));
    }
  }
  gaps.resize(count);
  return gaps;
}

}  // namespace

std::vector<double> Timeline::sample(Rng& rng) const {
  const auto count = static_cast<std::size_t>(std::max(rows.quantile(rng.uniform()), 0.0));
  std::vector<double> times;
  times.reserve(count);
  double time = gap.mass.empty() ? 0 : origin;
  for (std::size_t i = 0; i < count && time <= end; ++i) {
    times.push_back(time);
    time += gap.mass.empty() ? 1 : std::max(gap.quantile(rng.uniform()), 0.0);
  }
  return times;
}

Timeline learn_timeline(const Cohort& cohort) {
  Timeline timeline;
  if (!cohort.schema.has_series()) return timeline;
  ColumnSpec count;
  count.type = ColumnType::integer;
  timeline.rows = learn_marginal(count, row_counts(cohort));
  if (cohort.schema.time.empty()) return timeline;
  const ColumnSpec& time = cohort.schema.time_spec;
  ColumnSpec between;
  between.type = time.type;
  between.decimals = time.decimals;
  const Column gaps = gaps_between(cohort);
  timeline.gap = learn_marginal(between, gaps, {.step = calendar_step(time, gaps)});
  timeline.origin = public_time(time, 0);
  if (time.maximum && time.is_public) timeline.end = *time.maximum;
  return timeline;
}

nlohmann::json to_json(const Timeline& timeline) {
  nlohmann::json json = {{"origin", timeline.origin}};
  if (!timeline.rows.mass.empty()) json["rows"] = to_json(timeline.rows);
  if (!timeline.gap.mass.empty()) json["gap"] = to_json(timeline.gap);
  if (std::isfinite(timeline.end)) json["end"] = timeline.end;
  return json;
}

Timeline timeline_from_json(const nlohmann::json& json) {
  Timeline timeline;
  try {
    json.at("origin").get_to(timeline.origin);
    if (json.contains("rows")) timeline.rows = marginal_from_json(json.at("rows"));
    if (json.contains("gap")) timeline.gap = marginal_from_json(json.at("gap"));
    if (json.contains("end")) json.at("end").get_to(timeline.end);
  } catch (const nlohmann::json::exception& error) {
    fail(ErrorKind::input, "a timeline cannot be read: {}", error.what());
  }
  if (!timeline.rows.edges.empty() && timeline.rows.edges.back() > kMostRows) {
    fail(ErrorKind::input, "a timeline gives a subject up to {} rows; accepted: up to {}", timeline.rows.edges.back(),
         kMostRows);
  }
  return timeline;
}

Cohort scaffold(const Schema& schema, const Timeline& timeline, std::int64_t subjects, const Rng& rng) {
  Cohort cohort = make_cohort(schema);
  for (std::int64_t s = 0; s < subjects; ++s) cohort.subjects.push_back(std::to_string(s + 1));
  cohort.statics.resize(subjects);
  if (!schema.has_series()) return cohort;
  std::vector<double> times;
  for (std::int64_t s = 0; s < subjects; ++s) {
    Rng own = rng.stream("timeline", static_cast<std::uint64_t>(s));
    const auto drawn = timeline.sample(own);
    times.insert(times.end(), drawn.begin(), drawn.end());
    cohort.offsets.push_back(static_cast<std::int64_t>(times.size()));
  }
  const auto rows = static_cast<std::int64_t>(times.size());
  cohort.series.resize(rows);
  if (schema.time.empty()) return cohort;
  cohort.times.resize(rows);
  for (std::int64_t row = 0; row < rows; ++row) cohort.times.set_number(row, times[static_cast<std::size_t>(row)]);
  return cohort;
}

}  // namespace understudy
