#include "generators/halo/visit_code.h"

#include <algorithm>

namespace understudy {
namespace {

constexpr double kLeastChance = 1e-9;  // of what nobody has; its logarithm must be finite

}  // namespace

VisitCode::VisitCode(const RowCode& code, std::int64_t first) : first_(first) {
  const auto sizes = code.sizes(), missing = code.missing();
  const auto shares = code.shares();
  for (std::size_t k = 0; k < sizes.size(); ++k) {
    const Group group{.first = first_ + codes_, .codes = sizes[k] - 1, .absent = std::max(missing[k], 0)};
    double left = 1;  // share of the rows in which the next code is asked for
    for (std::int32_t c = 0; c < group.codes; ++c) {
      const double share = shares[k][static_cast<std::size_t>(group.category(c))];
      chances_.push_back(std::clamp(left > 0 ? share / left : 0.0, kLeastChance, 1 - kLeastChance));
      left -= share;
    }
    groups_.push_back(group);
    codes_ += group.codes;
  }
}

void VisitCode::write(std::span<const std::int32_t> categories, std::span<float> visit, std::span<float> asked) const {
  for (std::size_t k = 0; k < groups_.size(); ++k) {
    const Group& group = groups_[k];
    for (std::int32_t c = 0; c < group.codes; ++c) {
      const auto code = static_cast<std::size_t>(group.first + c);
      asked[code] = 1;
      if (group.category(c) != categories[k]) continue;
      visit[code] = 1;
      break;
    }
  }
}

std::vector<std::int64_t> VisitCode::present(std::span<const std::int32_t> categories) const {
  std::vector<std::int64_t> result;
  for (std::size_t k = 0; k < groups_.size(); ++k) {
    const Group& group = groups_[k];
    if (categories[k] == group.absent) continue;
    result.push_back(group.first + categories[k] - (categories[k] > group.absent ? 1 : 0));
  }
  return result;
}

}  // namespace understudy
