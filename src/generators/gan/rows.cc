#include "generators/gan/rows.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <numeric>

#include "understudy/error.h"

namespace understudy {
namespace {

constexpr std::int64_t kMostCopies = 16;
constexpr std::int64_t kEnoughRows = 65536;

at::Tensor index_tensor(std::span<const std::int64_t> values) {
  at::Tensor result = at::empty({static_cast<std::int64_t>(values.size())}, at::kLong);
  std::copy(values.begin(), values.end(), result.data_ptr<std::int64_t>());
  return result;
}

}  // namespace

at::Tensor encode_rows(const Codec& codec, const GanHead& head, const Table& table, std::span<const std::int64_t> rows,
                       Rng& rng) {
  at::Tensor values = at::empty({static_cast<std::int64_t>(rows.size()), codec.width()}, at::kFloat);
  codec.encode(table, rows, {values.data_ptr<float>(), static_cast<std::size_t>(values.numel())}, rng);
  return head.gated(values * head.units());
}

GanRows::GanRows(const Codec& codec, const Table& table, std::span<const std::int64_t> offsets, at::Tensor conditions,
                 std::int64_t window, Rng rng)
    : window_(window), rows_(table.rows()), conditions_(std::move(conditions)) {
  first_ = {0};
  for (std::size_t s = 0; s + 1 < offsets.size(); ++s) {
    for (std::int64_t row = offsets[s]; row + window <= offsets[s + 1]; ++row) {
      starts_.push_back(row);
      owners_.push_back(static_cast<std::int64_t>(s));
    }
    first_.push_back(static_cast<std::int64_t>(starts_.size()));
  }
  if (starts_.empty()) fail(ErrorKind::input, "no subject has {} rows, which option window asks for", window);
  copies_ = std::clamp<std::int64_t>(kEnoughRows / std::max<std::int64_t>(rows_, 1), 1, kMostCopies);
  std::vector<std::int64_t> rows(static_cast<std::size_t>(rows_));
  std::iota(rows.begin(), rows.end(), 0);
  const GanHead head(codec.blocks());
  std::vector<at::Tensor> copies;
  for (std::int64_t i = 0; i < copies_; ++i) copies.push_back(encode_rows(codec, head, table, rows, rng));
  values_ = at::cat(copies);
}

at::Tensor GanRows::window_rows(std::span<const std::int64_t> first_rows) const {
  std::vector<std::int64_t> rows;
  rows.reserve(first_rows.size() * static_cast<std::size_t>(window_));
  for (const std::int64_t row : first_rows) {
    for (std::int64_t k = 0; k < window_; ++k) rows.push_back(row + k);
  }
  return values_.index_select(0, index_tensor(rows));
}

// Another window of the subject of window `at`: one that shares no row with it where there is any.
std::uint64_t GanRows::draw_other(Rng& rng, std::uint64_t at) const {
  const auto subject = static_cast<std::size_t>(owners_[at]);
  const auto first = static_cast<std::uint64_t>(first_[subject]);
  const auto count = static_cast<std::uint64_t>(first_[subject + 1]) - first;
  const auto apart = static_cast<std::uint64_t>(window_);
  const std::uint64_t mine = at - first;
  const std::uint64_t before = mine >= apart ? mine - apart + 1 : 0;
  const std::uint64_t after = count > mine + apart ? count - mine - apart : 0;
  if (before + after == 0) return first + rng.below(count);
  const std::uint64_t pick = rng.below(before + after);
  return first + (pick < before ? pick : mine + apart + pick - before);
}

GanBatch GanRows::draw(Rng& rng, std::int64_t draws, std::int64_t pack) const {
  std::vector<std::int64_t> first_rows;
  std::vector<std::int64_t> subjects;
  const auto jittered = [&](std::uint64_t at) {
    return starts_[at] + rows_ * static_cast<std::int64_t>(rng.below(static_cast<std::uint64_t>(copies_)));
  };
  for (std::int64_t i = 0; i < draws; ++i) {
    const std::uint64_t at = rng.below(starts_.size());
    subjects.push_back(owners_[at]);
    first_rows.push_back(jittered(at));
    for (std::int64_t j = 1; j < pack; ++j) first_rows.push_back(jittered(draw_other(rng, at)));
  }
  return {window_rows(first_rows).view({draws, -1}), conditions_.index_select(0, index_tensor(subjects))};
}

at::Tensor GanRows::draw_conditions(Rng& rng, std::int64_t draws) const {
  if (condition_width() == 0) return at::empty({draws, 0}, at::kFloat);
  std::vector<std::int64_t> subjects;
  for (std::int64_t i = 0; i < draws; ++i) subjects.push_back(owners_[rng.below(starts_.size())]);
  return conditions_.index_select(0, index_tensor(subjects));
}

at::Tensor GanRows::moments() const {
  constexpr std::size_t kChunk = 4096;
  const std::int64_t width = window_ * values_.size(1) + condition_width() + 1;
  at::Tensor sum = at::zeros({width, width}, at::kDouble);
  for (std::int64_t copy = 0; copy < copies_; ++copy) {
    for (std::size_t begin = 0; begin < starts_.size(); begin += kChunk) {
      const std::size_t count = std::min(kChunk, starts_.size() - begin);
      std::vector<std::int64_t> first_rows(starts_.begin() + static_cast<std::ptrdiff_t>(begin),
                                           starts_.begin() + static_cast<std::ptrdiff_t>(begin + count));
      for (std::int64_t& row : first_rows) row += copy * rows_;
      const auto rows = static_cast<std::int64_t>(count);
      const at::Tensor x = at::cat({window_rows(first_rows).view({rows, -1}),
                                    conditions_.index_select(0, index_tensor({owners_.data() + begin, count})),
                                    at::ones({rows, 1}, at::kFloat)}, 1).to(at::kDouble);
      sum += at::matmul(x.t(), x);
    }
  }
  return (sum / static_cast<double>(copies_ * static_cast<std::int64_t>(starts_.size()))).to(at::kFloat);
}

}  // namespace understudy
