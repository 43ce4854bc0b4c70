// What a column looks like, from one pass over its cells as texts: enough to draft its ColumnSpec.
#pragma once

#include <cstdint>
#include <limits>
#include <set>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "understudy/reader.h"

namespace understudy {

class ColumnSketch {
 public:
  ColumnSketch(std::string name, bool decimal_comma) : name_(std::move(name)), decimal_comma_(decimal_comma) {}

  // A cell that is not missing. `subject` numbers the person; -1 where rows are people.
  void add(std::string_view text, std::int32_t subject);

  const std::string& name() const { return name_; }
  // The first few different texts.
  std::vector<std::string> examples() const { return {values_.begin(), values_.end()}; }
  bool may_be_time() const;  // no number, but every text begins with a digit and holds a separator of dates
  bool is_constant_by_subject() const;
  bool is_id_like() const;  // named like one and never equal twice, or texts without blanks, never equal twice
  bool repeats_id() const;  // named like an id, and equal somewhere

  // Type, bounds, categories and decimals as found; everything read off the data is marked is_public = false.
  ColumnSpec draft() const;

 private:
  void add_number(std::string_view text);
  void add_distinct(std::string_view text);
  bool is_named_id() const;
  bool is_boolean() const;
  bool is_category() const;

  std::string name_;
  bool decimal_comma_;
  std::int64_t count_ = 0;
  bool integers_ = true;
  bool reals_ = true;
  bool leading_zeros_ = false;
  bool blanks_ = false;
  bool time_like_ = true;
  double minimum_ = std::numeric_limits<double>::infinity();  // of the finite numbers
  double maximum_ = -std::numeric_limits<double>::infinity();
  int decimals_ = 0;
  std::set<std::string, std::less<>> values_;  // the first few different ones
  bool many_values_ = false;                   // more than values_ keeps
  std::unordered_set<std::uint64_t> hashes_;   // of all values, while no two are equal
  bool all_different_ = true;
  std::vector<std::uint64_t> by_subject_;  // hash of each subject's first value
  bool varies_ = false;                    // inside a subject
  bool repeats_ = false;                   // some subject has a second value
};

}  // namespace understudy
