// Where two cohorts differ, in words; empty when they are equal. For test messages.
#pragma once

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <string>

#include "understudy/cohort.h"

namespace understudy {

inline std::string difference(const Table& a, const Table& b, const char* what) {
  if (a.rows() != b.rows()) return fmt::format("{}: {} and {} rows", what, a.rows(), b.rows());
  for (std::size_t c = 0; c < a.width(); ++c) {
    const Column &x = a.column(c), &y = b.column(c);
    for (std::int64_t row = 0; row < a.rows(); ++row) {
      const auto words = [&](const Column& column) -> std::string {
        if (!column.is_valid(row)) return "missing";
        if (is_set(column.type())) return fmt::format("{{{}}}", fmt::join(column.codes(row), ", "));
        const bool text = column.type() == ColumnType::id || column.type() == ColumnType::text;
        return text ? column.string(row) : fmt::format("{}", column.number(row));
      };
      if (words(x) != words(y)) return fmt::format("{} '{}' row {}: {} and {}", what, a.name(c), row, words(x), words(y));
    }
  }
  return "";
}

inline std::string difference(const Cohort& a, const Cohort& b) {
  if (a.subjects != b.subjects) return fmt::format("people: {} and {}, or other keys", a.size(), b.size());
  if (a.offsets != b.offsets) return "other rows of some people";
  if (!(a.times == b.times)) return "other times";
  const std::string statics = difference(a.statics, b.statics, "static");
  return statics.empty() ? difference(a.series, b.series, "series") : statics;
}

}  // namespace understudy
