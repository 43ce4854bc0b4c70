// Columns of type codes as their metrics see them.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "metrics/sample.h"

namespace understudy {

// The cells of one column one after the other: of people, or of the rows of a series. Codes that are not declared are
// left out (rule_violations counts them). The view must live longer.
class CodeCells {
 public:
  CodeCells(const CohortView& view, const ColumnSpec& spec);

  // The same cells with other numbers, in the same order, for their codes; -1: left out.
  CodeCells renumbered(std::span<const std::int32_t> numbers) const;

  std::size_t size() const { return owners_.size(); }
  std::size_t person(std::size_t cell) const { return static_cast<std::size_t>(owners_[cell]); }
  std::span<const std::int32_t> codes(std::size_t cell) const {  // ascending, each once
    return std::span(codes_).subspan(begins_[cell], begins_[cell + 1] - begins_[cell]);
  }

 private:
  explicit CodeCells(std::span<const std::int32_t> owners) : owners_(owners) {}
  void end_cell() { begins_.push_back(codes_.size()); }

  std::span<const std::int32_t> owners_;
  std::vector<std::size_t> begins_ = {0};  // of each cell, in codes_
  std::vector<std::int32_t> codes_;
};

// Columns of type codes, statics first.
std::vector<ColumnSpec> codes_columns(const Schema& schema);

}  // namespace understudy
