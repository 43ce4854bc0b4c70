#include "generators/code/history.h"

#include <algorithm>
#include <cmath>

namespace understudy {

void History::write(std::span<float> numbers) const {
  for (std::size_t c = 0; c < seen_.size(); ++c) {
    const Seen& seen = seen_[c];
    const auto count = static_cast<double>(std::max<std::int64_t>(seen.count, 1));
    const double since = seen.count == 0 ? 0 : 1 / static_cast<double>(seen.since);
    const double share = rows_ == 0 ? 0 : static_cast<double>(seen.count) / static_cast<double>(rows_);
    const double values[kOfColumn] = {seen.last, since, seen.sum / count, seen.least, seen.most, share};
    std::transform(values, values + kOfColumn, numbers.data() + static_cast<std::ptrdiff_t>(c) * kOfColumn,
                   [](double value) { return static_cast<float>(value); });
  }
  float* const of_subject = numbers.data() + static_cast<std::ptrdiff_t>(seen_.size()) * kOfColumn;
  of_subject[0] = static_cast<float>(passed_);
  of_subject[1] = static_cast<float>(rows_) / static_cast<float>(all_);
  of_subject[2] = 1 / static_cast<float>(std::max<std::int64_t>(all_ - rows_, 1));
}

std::int32_t History::mean(std::size_t column) const {
  const Seen& seen = seen_[column];
  if (seen.count == 0) return -1;
  return static_cast<std::int32_t>(std::lround((seen.sum / static_cast<double>(seen.count) + 1) / 2 * ranks(column)));
}

double History::ranks(std::size_t column) const {
  return std::max(columns_->sizes[column] - (columns_->missing[column] >= 0 ? 2 : 1), 1);
}

void History::add(std::span<const std::int32_t> categories) {
  ++rows_;
  if (columns_->clock >= 0) passed_ += columns_->passed[static_cast<std::size_t>(categories[static_cast<std::size_t>(columns_->clock)])];
  for (std::size_t c = 0; c < seen_.size(); ++c) {
    Seen& seen = seen_[c];
    ++seen.since;
    if (categories[c] == columns_->missing[c]) continue;
    const double rank = 2 * categories[c] / ranks(c) - 1;
    seen.least = seen.count == 0 ? rank : std::min(seen.least, rank);
    seen.most = seen.count == 0 ? rank : std::max(seen.most, rank);
    seen.last = rank;
    seen.category = categories[c];
    seen.sum += rank;
    seen.since = 1;
    ++seen.count;
  }
}

}  // namespace understudy
