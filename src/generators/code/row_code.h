// Rows of a table as categories, in the order in which a network draws them, and back: numbers and categories by Bins, each
// code of a codes column by itself (there or not). Columns with few categories come first. Ids and texts are left out.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "encode/marginal.h"
#include "generators/code/bins.h"
#include "understudy/table.h"

namespace understudy {

// How finely.
struct CodeLimits {
  std::int32_t bins = Bins::kMost;  // of a number
  std::size_t codes = 64;           // of a column, those with the largest shares; the others are drawn by coins
};

class RowCode {
 public:
  // Columns are in the order of `specs` and `marginals`. `extra`: a number of the row that is in no column.
  RowCode(std::vector<ColumnSpec> specs, std::vector<Marginal> marginals, std::optional<Bins> extra = {}, const CodeLimits& limits = {});

  std::size_t columns() const { return places_.size(); }  // of the chain
  std::vector<std::int32_t> sizes() const;
  std::vector<std::int32_t> missing() const;              // the category of no value; -1: there is none
  std::vector<std::vector<double>> shares() const;
  // Which column of the chain has the extra number, -1 where there is none; and the middles of its categories.
  std::int32_t extra() const;
  std::vector<double> middles_of_extra() const;

  // [columns]. ErrorKind::input for a missing value where none may be.
  void encode(const Table& table, std::int64_t row, std::optional<double> extra, std::span<std::int32_t> categories) const;
  // Fills the row; returns the extra number, none where it is missing or there is no such number.
  std::optional<double> decode(std::span<const std::int32_t> categories, Table& table, std::int64_t row, Rng& rng) const;

 private:
  struct Place {             // of the chain
    std::size_t column = 0;  // of the table; beyond the last: the extra number
    std::int32_t code = -1;  // of a codes column; -1: Bins
    std::size_t bins = 0;    // which of bins_
    std::int32_t size = 2;
  };
  bool is_extra(const Place& place) const { return place.column == specs_.size(); }
  void add_codes(std::size_t column, std::size_t most);

  std::vector<ColumnSpec> specs_;
  std::vector<Marginal> marginals_;
  std::vector<Bins> bins_;
  std::vector<Place> places_;
  std::vector<std::pair<std::size_t, std::int32_t>> coins_;  // column and code that are in no place
};

}  // namespace understudy
