// The training rows of one part of the GAN, encoded, and how they are drawn.
#pragma once

#include <ATen/core/Tensor.h>

#include <functional>
#include <span>
#include <vector>

#include "encode/codec.h"
#include "generators/gan/head.h"
#include "understudy/cohort.h"
#include "understudy/random.h"

namespace understudy {

// Several windows of one subject, side by side, and what they are conditioned on: one draw a row.
struct GanBatch {
  at::Tensor windows;     // [draws, pack * window * width]
  at::Tensor conditions;  // [draws, conditions]
  at::Tensor present;     // [draws, 1]: 0 where a subject has no window; its numbers are 0
};

// Where the random numbers of a draw come from.
using RngOfDraw = std::function<Rng&(std::int64_t draw)>;

class GanRows {
 public:
  struct Source {
    const Codec& codec;
    const Table& table;
    std::span<const std::int64_t> offsets;   // subject s owns rows [offsets[s], offsets[s + 1])
    std::span<const std::string> subjects;   // keys: what a subject's rows become depends on them and its key alone
    at::Tensor conditions;                   // [subjects, c], c may be 0
    std::int64_t window = 1;
    std::int64_t copies = 0;                 // 0: more for a small table; that depends on how many others there are
  };
  // A window never crosses subjects; subjects with fewer than `window` rows have none. Encoding jitters values inside their
  // parts, so rows are kept in several independently jittered copies.
  GanRows(Source source, const Rng& rng);

  std::int64_t windows() const { return static_cast<std::int64_t>(starts_.size()); }
  // Windows are drawn evenly; the other pack - 1 evenly from those of the same subject that share no row with the
  // first (from all of them where there is none).
  GanBatch draw(Rng& rng, std::int64_t draws, std::int64_t pack) const;
  // One draw of each of these subjects; of nobody (-1) nothing.
  GanBatch draw_of(std::span<const std::int64_t> subjects, const RngOfDraw& rng, std::int64_t pack) const;
  // A subject's own random numbers.
  Rng stream(const Rng& rng, std::int64_t subject) const { return rng.stream(keys_[static_cast<std::size_t>(subject)]); }

  // Conditions alone, of subjects drawn as in `draw`.
  at::Tensor draw_conditions(Rng& rng, std::int64_t draws) const;
  // Mean over all windows of [window, conditions, 1] times its transpose.
  at::Tensor moments() const;

  const at::Tensor& values() const { return values_; }  // [copies * rows, width], gated, in the head's units
  std::int64_t condition_width() const { return conditions_.size(1); }

 private:
  std::uint64_t draw_other(Rng& rng, std::uint64_t at) const;
  std::int64_t jittered(Rng& rng, std::uint64_t at) const;
  void add_draw(Rng& rng, std::uint64_t at, std::int64_t pack, std::vector<std::int64_t>& first_rows) const;
  at::Tensor window_rows(std::span<const std::int64_t> first_rows) const;

  std::int64_t window_ = 1;
  std::int64_t rows_ = 0;
  std::int64_t copies_ = 1;
  at::Tensor values_;
  at::Tensor conditions_;
  std::vector<std::string> keys_;
  std::vector<std::int64_t> starts_;  // first row of every window
  std::vector<std::int64_t> owners_;  // subject of every window
  std::vector<std::int64_t> first_;   // subject s owns windows [first_[s], first_[s + 1])
};

// Encodes rows into the head's units: [rows.size(), width].
at::Tensor encode_rows(const Codec& codec, const GanHead& head, const Table& table, std::span<const std::int64_t> rows,
                       Rng& rng);
// One row a subject, each with random numbers of its own.
at::Tensor encode_statics(const Codec& codec, const Cohort& cohort, const Rng& rng);

}  // namespace understudy
