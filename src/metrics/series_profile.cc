#include "metrics/series_profile.h"

#include <algorithm>
#include <cmath>

#include "metrics/histogram.h"
#include "metrics/series.h"

namespace understudy {
namespace {

using Json = nlohmann::ordered_json;
using Values = std::vector<double>;

constexpr std::size_t kMostParts = 48;
constexpr std::size_t kFewest = 5;
constexpr double kMicrosecondsOfDay = 86400e6;

bool is_calendar(const ColumnSpec& time) { return time.type == ColumnType::date || time.type == ColumnType::datetime; }

Values elapsed(const Cohort& cohort) {
  Values times = row_times(cohort);
  if (!is_calendar(cohort.schema.time_spec)) return times;
  const double day = cohort.schema.time_spec.type == ColumnType::date ? 1 : kMicrosecondsOfDay;
  for_each_person(cohort, [&](std::size_t, std::size_t first, std::size_t end) {
    const double start = first < end ? times[first] : 0;
    for (std::size_t row = first; row < end; ++row) times[row] = (times[row] - start) / day;
  });
  return times;
}

// Index of the part that holds the time, or the number of parts.
std::size_t part_of(double time, const Values& edges) {
  const std::size_t parts = edges.size() - 1;
  if (!(time >= edges.front() && time <= edges.back())) return parts;
  const auto above = std::upper_bound(edges.begin(), edges.end(), time) - edges.begin();
  return std::min(static_cast<std::size_t>(above) - 1, parts - 1);
}

// A cohort with the part of time of each row.
struct Placed {
  const Cohort& cohort;
  std::vector<std::size_t> parts;
};

Placed placed(const Cohort& cohort, const Values& times, const Values& edges) {
  Placed result{cohort, {}};
  for (const double time : times) result.parts.push_back(part_of(time, edges));
  return result;
}

double quantile(Values& values, double share) {
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(std::round(share * static_cast<double>(values.size() - 1)));
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

Json course(const Placed& people, const ColumnSpec& spec, std::size_t parts) {
  std::vector<Values> values(parts);
  std::vector<double> measured(parts, 0);
  const Values column = CohortView(people.cohort).sample(spec).values;
  for_each_person(people.cohort, [&](std::size_t, std::size_t first, std::size_t end) {
    std::size_t last = parts;  // rows stand in the order of their times: a part's rows follow each other
    for (std::size_t row = first; row < end; ++row) {
      const std::size_t part = people.parts[row];
      if (part == parts || std::isnan(column[row])) continue;
      values[part].push_back(column[row]);
      if (part != last) ++measured[part];
      last = part;
    }
  });
  Json result = {{"low", Json::array()}, {"middle", Json::array()}, {"high", Json::array()}, {"measured", Json::array()}};
  for (std::size_t part = 0; part < parts; ++part) {
    const bool enough = values[part].size() >= kFewest;
    result["low"].push_back(enough ? Json(quantile(values[part], 0.25)) : Json(nullptr));
    result["middle"].push_back(enough ? Json(quantile(values[part], 0.5)) : Json(nullptr));
    result["high"].push_back(enough ? Json(quantile(values[part], 0.75)) : Json(nullptr));
    result["measured"].push_back(measured[part] / static_cast<double>(people.cohort.size()));
  }
  return result;
}

Values middles(const Values& edges) {
  Values result;
  for (std::size_t part = 0; part + 1 < edges.size(); ++part) result.push_back((edges[part] + edges[part + 1]) / 2);
  return result;
}

}  // namespace

nlohmann::ordered_json series_charts(const Evaluation& evaluation, const Context& context) {
  check_evaluation(evaluation, "series profile");
  const Schema& schema = evaluation.train.schema;
  const auto specs = series_columns(schema, is_numeric);
  if (schema.time.empty() || specs.empty()) return Json::array();
  const Values train = elapsed(evaluation.train), holdout = elapsed(evaluation.holdout);
  Values real = train;
  real.insert(real.end(), holdout.begin(), holdout.end());
  const bool whole = schema.time_spec.type == ColumnType::integer || schema.time_spec.type == ColumnType::date;
  const Values edges = histogram_edges(real, whole, kMostParts);
  if (edges.size() < 3) return Json::array();
  const Placed people[] = {placed(evaluation.train, train, edges), placed(evaluation.holdout, holdout, edges),
                           placed(evaluation.synthetic, elapsed(evaluation.synthetic), edges)};
  std::vector<Json> charts(specs.size());
  parallel_for(static_cast<std::int64_t>(specs.size()), context.threads, [&](std::int64_t i) {
    context.check_cancelled();
    const ColumnSpec& spec = specs[static_cast<std::size_t>(i)];
    const std::size_t parts = edges.size() - 1;
    charts[static_cast<std::size_t>(i)] = {
        {"column", spec.name}, {"unit", spec.unit}, {"time", schema.time},
        {"time_unit", is_calendar(schema.time_spec) ? "d" : schema.time_spec.unit}, {"at", middles(edges)},
        {"train", course(people[0], spec, parts)}, {"holdout", course(people[1], spec, parts)},
        {"synthetic", course(people[2], spec, parts)}};
  });
  return charts;
}

}  // namespace understudy
