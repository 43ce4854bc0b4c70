// A column's values as categories, and back. A number's categories are stretches of its distribution (encode/marginal.h):
// parts of its grid that are heavy or wide enough stand alone, others are joined with their neighbours. Inside a category a
// value is drawn from the distribution itself, so a column whose categories are right has the right distribution.
//
// Public where the distribution is: the same for marginals that were read off the data and for released ones.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "encode/marginal.h"
#include "understudy/random.h"
#include "understudy/table.h"

namespace understudy {

class Bins {
 public:
  static constexpr std::int32_t kMost = 150;

  // Of columns with a distribution: not id, text or codes. A value that is missing is a category of its own, the last, where
  // the column is nullable. most: categories of a number, about, without the missing one; at least 1.
  Bins(const ColumnSpec& spec, Marginal marginal, std::int32_t most = kMost);

  std::int32_t size() const { return present() + (nullable_ ? 1 : 0); }
  std::vector<double> shares() const;  // of the categories; sums to 1

  // Of a value, or of none: ErrorKind::input where a value is missing that may not be.
  std::int32_t category(std::optional<double> value) const;
  std::int32_t category(const Column& column, std::int64_t row) const;
  // A value of this category; none: missing.
  std::optional<double> draw(std::int32_t category, Rng& rng) const;
  void draw(Column& column, std::int64_t row, std::int32_t category, Rng& rng) const;
  double middle(std::int32_t category) const;  // a value in the middle of the category; 0 where it is the missing one
  std::int32_t missing() const { return nullable_ ? present() : -1; }  // the category of no value; -1: there is none

 private:
  std::int32_t present() const { return static_cast<std::int32_t>(first_.size()) - 1; }

  std::string name_;
  Marginal marginal_;
  bool nullable_;
  std::vector<double> below_;        // share of values before each part; last: 1
  std::vector<std::size_t> first_;   // part with which each category begins; last: all parts
  std::vector<std::int32_t> of_part_;
};

}  // namespace understudy
