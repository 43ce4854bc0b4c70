// Small cohorts for the tests of the metrics.
#pragma once

#include <fmt/format.h>

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "understudy/metric.h"

namespace understudy {

inline const double kMissing = std::nan("");

inline ColumnSpec number_column(const std::string& name, ColumnType type = ColumnType::real) {
  ColumnSpec spec;
  spec.name = name;
  spec.type = type;
  return spec;
}

inline ColumnSpec category_column(const std::string& name, std::vector<std::string> categories) {
  ColumnSpec spec = number_column(name, ColumnType::category);
  spec.categories = std::move(categories);
  return spec;
}

inline Schema person_schema(std::vector<ColumnSpec> columns) {
  Schema schema;
  schema.name = "test";
  schema.subject = "id";
  schema.columns = std::move(columns);
  return schema;
}

inline void fill(Table& table, const std::vector<std::vector<double>>& columns) {
  if (!columns.empty()) table.resize(static_cast<std::int64_t>(columns[0].size()));
  for (std::size_t c = 0; c < columns.size(); ++c) {
    for (std::size_t row = 0; row < columns[c].size(); ++row) {
      if (!std::isnan(columns[c][row])) table.column(c).set_number(static_cast<std::int64_t>(row), columns[c][row]);
    }
  }
}

// One row per person. `columns`: one vector of values per column of the schema, NaN for missing.
inline Cohort people(const Schema& schema, const std::vector<std::vector<double>>& columns,
                     const std::string& prefix = "p") {
  Cohort cohort = make_cohort(schema);
  for (std::size_t i = 0; i < columns.at(0).size(); ++i) cohort.subjects.push_back(fmt::format("{}{}", prefix, i));
  fill(cohort.statics, columns);
  return cohort;
}

// People with series rows: `rows` holds the number of rows of each person, the tables' columns as in `people`.
inline Cohort people_in_time(const Schema& schema, const std::vector<std::int64_t>& rows,
                             const std::vector<std::vector<double>>& statics,
                             const std::vector<std::vector<double>>& series) {
  Cohort cohort = make_cohort(schema);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    cohort.subjects.push_back(fmt::format("p{}", i));
    cohort.offsets.push_back(cohort.offsets.back() + rows[i]);
  }
  cohort.statics.resize(static_cast<std::int64_t>(rows.size()));
  cohort.series.resize(cohort.offsets.back());
  fill(cohort.statics, statics);
  fill(cohort.series, series);
  return cohort;
}

inline Finding finding(const std::vector<Finding>& findings, const std::string& name, const std::string& column = "") {
  for (const Finding& f : findings) {
    if (f.name == name && (column.empty() || (f.columns.size() == 1 && f.columns[0] == column))) return f;
  }
  throw std::runtime_error("no finding " + name + " " + column);
}

// The same people in reverse order.
inline Cohort reversed(const Cohort& cohort) {
  std::vector<std::int64_t> order;
  for (std::int64_t s = cohort.size(); s > 0; --s) order.push_back(s - 1);
  return cohort.select(order);
}

// Standard normal columns, optionally correlated through a shared part.
inline Cohort normal_people(const Schema& schema, std::int64_t size, double shared, std::uint64_t seed,
                            double shift = 0) {
  Rng rng(seed);
  std::vector<std::vector<double>> columns(schema.columns.size());
  for (std::int64_t i = 0; i < size; ++i) {
    const double common = rng.normal();
    for (auto& column : columns) {
      column.push_back(shift + std::sqrt(shared) * common + std::sqrt(1 - shared) * rng.normal());
    }
  }
  for (std::size_t c = 0; c < columns.size(); ++c) {
    if (is_numeric(schema.columns[c].type)) continue;
    const auto levels = static_cast<double>(schema.columns[c].categories.size());
    for (double& v : columns[c]) v = std::min(levels - 1, std::floor(levels * 0.5 * std::erfc(-v / std::sqrt(2.0))));
  }
  return people(schema, columns, fmt::format("s{}-", seed));
}

}  // namespace understudy
