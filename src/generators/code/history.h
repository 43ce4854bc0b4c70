// What a subject's rows so far say about each column, for the row that comes next: a recurrent state need not remember it.
//
// Six numbers a column, of the categories so far that were not missing, as ranks in [-1, 1]: the last one, how long ago it
// was (1 / rows since, 0: never), the mean, the smallest, the largest, and the share of rows that had one. All 0 at first.
// Then three of the subject: the time that has passed, the share of its rows that are behind it, and 1 / rows that are left.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace understudy {

// The columns of a row; `missing`: the category that stands for no value, -1 where there is none. `clock`: the column that says
// how much time has passed since the row before, by category in `passed`; -1: there is none.
struct HistoryColumns {
  std::vector<std::int32_t> sizes, missing;
  std::int32_t clock = -1;
  std::vector<double> passed = {};
};

class History {
 public:
  static constexpr std::int64_t kOfColumn = 6, kOfSubject = 3;
  static std::int64_t width_of(std::int64_t columns) { return kOfColumn * columns + kOfSubject; }

  // Of a subject with so many rows in all.
  History(const HistoryColumns& columns, std::int64_t rows) : columns_(&columns), seen_(columns.sizes.size()), all_(rows) {}

  // The category that a column had last, -1 where it had none that was not missing.
  std::int32_t last(std::size_t column) const { return seen_[column].category; }
  // The category nearest to the mean of those that it had; -1 as above.
  std::int32_t mean(std::size_t column) const;
  std::int64_t width() const { return width_of(static_cast<std::int64_t>(seen_.size())); }
  void write(std::span<float> numbers) const;          // [width]
  void add(std::span<const std::int32_t> categories);  // a row

 private:
  struct Seen {
    double last = 0, sum = 0, least = 0, most = 0;
    std::int32_t category = -1;
    std::int64_t count = 0, since = 0;
  };

  double ranks(std::size_t column) const;  // the last one; the first is 0

  const HistoryColumns* columns_;
  std::vector<Seen> seen_;
  std::int64_t all_, rows_ = 0;
  double passed_ = 0;
};

}  // namespace understudy
