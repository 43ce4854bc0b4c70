// A row's categories (code/row_code.h) as codes of a multi-hot visit, each there or not.
//
// A column is a group of codes, of which a visit has at most one: a code for each category but one, which is that of no code:
// the missing one, else the first. So a missing value is the absence of codes, a code of a codes column is a group of one, and
// any draw "one code after the other until one is there" is a valid row.
//
// A code is asked for when no code before it in its group is there; the others are settled. What is settled is neither drawn
// nor learnt: the chance of a visit is the product over what is asked, nothing else.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "generators/code/row_code.h"

namespace understudy {

class VisitCode {
 public:
  struct Group {
    std::int64_t first = 0;       // code of the vocabulary
    std::int32_t codes = 0;       // 0: a column that has one value
    std::int32_t absent = 0;      // the category of no code
    std::int32_t category(std::int32_t code) const { return code < absent ? code : code + 1; }  // of its code-th code
  };

  // Codes of the vocabulary from `first` on.
  VisitCode(const RowCode& code, std::int64_t first);

  const std::vector<Group>& groups() const { return groups_; }
  std::int64_t first() const { return first_; }
  std::int64_t codes() const { return codes_; }
  // Of each code: its chance where it is asked for, were columns independent. Strictly between 0 and 1.
  const std::vector<double>& chances() const { return chances_; }

  // categories [groups]. Sets the codes that are there to 1 in `visit`, and those that are asked for in `asked`; both [vocabulary].
  void write(std::span<const std::int32_t> categories, std::span<float> visit, std::span<float> asked) const;
  // The codes of the vocabulary that are there, ascending.
  std::vector<std::int64_t> present(std::span<const std::int32_t> categories) const;

 private:
  std::vector<Group> groups_;
  std::vector<double> chances_;
  std::int64_t first_, codes_ = 0;
};

}  // namespace understudy
