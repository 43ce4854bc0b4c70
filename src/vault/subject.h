// One subject's record, read-only: all that a contribution to a private sum may see.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "understudy/cohort.h"

namespace understudy {

class Subject {
 public:
  Subject(const Cohort& cohort, std::int64_t index) : cohort_(&cohort), index_(index) {}

  std::int64_t rows() const { return cohort_->series_rows(index_); }  // of the series

  // Values as Column::number gives them; none where missing. `column` counts schema.statics() or schema.series().
  std::optional<double> fixed(std::size_t column) const { return number(cohort_->statics.column(column), index_); }
  std::optional<double> value(std::size_t column, std::int64_t row) const {
    return number(cohort_->series.column(column), first() + row);
  }
  const std::vector<std::int32_t>& fixed_codes(std::size_t column) const {
    return cohort_->statics.column(column).codes(index_);
  }
  const std::vector<std::int32_t>& codes(std::size_t column, std::int64_t row) const {
    return cohort_->series.column(column).codes(first() + row);
  }
  double time(std::int64_t row) const { return cohort_->times.number(first() + row); }

 private:
  std::int64_t first() const { return cohort_->offsets[static_cast<std::size_t>(index_)]; }
  static std::optional<double> number(const Column& column, std::int64_t row) {
    return column.is_valid(row) ? std::optional(column.number(row)) : std::nullopt;
  }
  const Cohort* cohort_;
  std::int64_t index_;
};

}  // namespace understudy
