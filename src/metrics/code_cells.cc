#include "metrics/code_cells.h"

namespace understudy {

CodeCells::CodeCells(const CohortView& view, const ColumnSpec& spec)
    : owners_(view.per_subject(spec) ? view.static_owners() : view.series_owners()) {
  const Column& column = (view.per_subject(spec) ? view.cohort().statics : view.cohort().series).column(spec.name);
  const auto declared = static_cast<std::int32_t>(spec.categories.size());
  for (std::int64_t row = 0; row < column.size(); ++row) {
    for (const std::int32_t code : column.codes(row)) {
      if (code >= 0 && code < declared) codes_.push_back(code);
    }
    end_cell();
  }
}

CodeCells CodeCells::renumbered(std::span<const std::int32_t> numbers) const {
  CodeCells result(owners_);
  for (std::size_t cell = 0; cell < size(); ++cell) {
    for (const std::int32_t code : codes(cell)) {
      const std::int32_t number = numbers[static_cast<std::size_t>(code)];
      if (number >= 0) result.codes_.push_back(number);
    }
    result.end_cell();
  }
  return result;
}

std::vector<ColumnSpec> codes_columns(const Schema& schema) {
  std::vector<ColumnSpec> specs = schema.statics();
  if (schema.has_series()) {
    const auto series = schema.series();
    specs.insert(specs.end(), series.begin(), series.end());
  }
  std::erase_if(specs, [](const ColumnSpec& spec) { return !is_set(spec.type); });
  return specs;
}

}  // namespace understudy
