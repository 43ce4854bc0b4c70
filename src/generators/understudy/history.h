// What a subject's rows so far say about each column, for the row that comes next: a recurrent state need not remember it.
//
// Six numbers a column, of the categories so far that were not missing, as ranks in [-1, 1]: the last one, how long ago it
// was (1 / rows since, 0: never), the mean, the smallest, the largest, and the share of rows that had one. All 0 at first.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace understudy {

// The columns of a row; `missing`: the category that stands for no value, -1 where there is none.
struct HistoryColumns {
  std::vector<std::int32_t> sizes, missing;
};

class History {
 public:
  static constexpr std::int64_t kNumbers = 6;  // of a column

  explicit History(const HistoryColumns& columns) : columns_(&columns), seen_(columns.sizes.size()) {}

  std::int64_t width() const { return kNumbers * static_cast<std::int64_t>(seen_.size()); }
  void write(std::span<float> numbers) const;          // [width]
  void add(std::span<const std::int32_t> categories);  // a row

 private:
  struct Seen {
    double last = 0, sum = 0, least = 0, most = 0;
    std::int64_t count = 0, since = 0;
  };

  const HistoryColumns* columns_;
  std::vector<Seen> seen_;
  std::int64_t rows_ = 0;
};

}  // namespace understudy
