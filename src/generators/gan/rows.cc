#include "generators/gan/rows.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <numeric>

namespace understudy {
namespace {

// Rows of a table, subject by subject: [offsets.back(), width], gated, in the head's units.
at::Tensor encode_subjects(const Codec& codec, const Table& table, std::span<const std::int64_t> offsets,
                           std::span<const std::string> subjects, const Rng& rng) {
  at::Tensor values = at::empty({table.rows(), codec.width()}, at::kFloat);
  const std::span<float> out{values.data_ptr<float>(), static_cast<std::size_t>(values.numel())};
  std::vector<std::int64_t> rows;
  for (std::size_t s = 0; s + 1 < offsets.size(); ++s) {
    rows.resize(static_cast<std::size_t>(offsets[s + 1] - offsets[s]));
    std::iota(rows.begin(), rows.end(), offsets[s]);
    Rng own = rng.stream(subjects[s]);
    const auto width = static_cast<std::size_t>(codec.width());
    codec.encode(table, rows, out.subspan(static_cast<std::size_t>(offsets[s]) * width, rows.size() * width), own);
  }
  const GanHead head(codec.blocks());
  return head.gated(values * head.units());
}

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

at::Tensor encode_statics(const Codec& codec, const Cohort& cohort, const Rng& rng) {
  std::vector<std::int64_t> offsets(static_cast<std::size_t>(cohort.size()) + 1);
  std::iota(offsets.begin(), offsets.end(), 0);
  return encode_subjects(codec, cohort.statics, offsets, cohort.subjects, rng);
}

GanRows::GanRows(Source source, const Rng& rng)
    : window_(source.window), rows_(source.table.rows()), conditions_(std::move(source.conditions)),
      keys_(source.subjects.begin(), source.subjects.end()), first_({0}) {
  const auto offsets = source.offsets;
  for (std::size_t s = 0; s + 1 < offsets.size(); ++s) {
    for (std::int64_t row = offsets[s]; row + window_ <= offsets[s + 1]; ++row) {
      starts_.push_back(row);
      owners_.push_back(static_cast<std::int64_t>(s));
    }
    first_.push_back(static_cast<std::int64_t>(starts_.size()));
  }
  copies_ = source.copies > 0 ? source.copies
                              : std::clamp<std::int64_t>(kEnoughRows / std::max<std::int64_t>(rows_, 1), 1, kMostCopies);
  std::vector<at::Tensor> copies;
  for (std::int64_t i = 0; i < copies_; ++i) {
    copies.push_back(encode_subjects(source.codec, source.table, offsets, source.subjects,
                                     rng.stream("copy", static_cast<std::uint64_t>(i))));
  }
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

// A copy of window `at`: the first row of it.
std::int64_t GanRows::jittered(Rng& rng, std::uint64_t at) const {
  return starts_[at] + rows_ * static_cast<std::int64_t>(rng.below(static_cast<std::uint64_t>(copies_)));
}

void GanRows::add_draw(Rng& rng, std::uint64_t at, std::int64_t pack, std::vector<std::int64_t>& first_rows) const {
  first_rows.push_back(jittered(rng, at));
  for (std::int64_t j = 1; j < pack; ++j) first_rows.push_back(jittered(rng, draw_other(rng, at)));
}

GanBatch GanRows::draw(Rng& rng, std::int64_t draws, std::int64_t pack) const {
  std::vector<std::int64_t> first_rows, subjects;
  for (std::int64_t i = 0; i < draws; ++i) {
    const std::uint64_t at = rng.below(starts_.size());
    subjects.push_back(owners_[at]);
    add_draw(rng, at, pack, first_rows);
  }
  return {window_rows(first_rows).view({draws, -1}), conditions_.index_select(0, index_tensor(subjects)),
          at::ones({draws, 1}, at::kFloat)};
}

GanBatch GanRows::draw_of(std::span<const std::int64_t> subjects, const RngOfDraw& rng, std::int64_t pack) const {
  const auto draws = static_cast<std::int64_t>(subjects.size());
  GanBatch batch{at::zeros({draws, pack * window_ * values_.size(1)}, at::kFloat),
                 at::zeros({draws, condition_width()}, at::kFloat), at::zeros({draws, 1}, at::kFloat)};
  std::vector<std::int64_t> first_rows, owners, places;
  for (std::int64_t i = 0; i < draws; ++i) {
    const std::int64_t s = subjects[static_cast<std::size_t>(i)];
    const std::int64_t first = s < 0 ? 0 : first_[static_cast<std::size_t>(s)];
    const std::int64_t count = s < 0 ? 0 : first_[static_cast<std::size_t>(s) + 1] - first;
    if (count == 0) continue;
    places.push_back(i);
    owners.push_back(s);
    add_draw(rng(i), static_cast<std::uint64_t>(first) + rng(i).below(static_cast<std::uint64_t>(count)), pack, first_rows);
  }
  if (places.empty()) return batch;
  const at::Tensor at = index_tensor(places);
  batch.windows.index_copy_(0, at, window_rows(first_rows).view({static_cast<std::int64_t>(places.size()), -1}));
  batch.conditions.index_copy_(0, at, conditions_.index_select(0, index_tensor(owners)));
  batch.present.index_fill_(0, at, 1);
  return batch;
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
