// The training rows of one part of the GAN, encoded, and how batches are drawn from them.
#pragma once

#include <ATen/core/Tensor.h>

#include <span>
#include <vector>

#include "encode/codec.h"
#include "generators/gan/head.h"
#include "understudy/random.h"

namespace understudy {

// Several windows of one subject, side by side, and what they are conditioned on.
struct GanBatch {
  at::Tensor windows;     // [draws, pack * window * width]
  at::Tensor conditions;  // [draws, conditions]
};

class GanRows {
 public:
  // offsets: subject s owns rows [offsets[s], offsets[s + 1]). conditions: [subjects, c], c may be 0. A window never
  // crosses subjects; subjects with fewer than `window` rows are left out (ErrorKind::input when no subject is left).
  // Encoding jitters values inside their parts, so a small table is kept in several independently jittered copies.
  GanRows(const Codec& codec, const Table& table, std::span<const std::int64_t> offsets, at::Tensor conditions,
          std::int64_t window, Rng rng);

  // Windows are drawn evenly; the other pack - 1 evenly from those of the same subject that share no row with the
  // first (from all of them where there is none).
  GanBatch draw(Rng& rng, std::int64_t draws, std::int64_t pack) const;
  // Conditions alone, of subjects drawn as in `draw`.
  at::Tensor draw_conditions(Rng& rng, std::int64_t draws) const;
  // Mean over all windows of [window, conditions, 1] times its transpose.
  at::Tensor moments() const;

  const at::Tensor& values() const { return values_; }  // [copies * rows, width], gated, in the head's units
  std::int64_t condition_width() const { return conditions_.size(1); }

 private:
  std::uint64_t draw_other(Rng& rng, std::uint64_t at) const;
  at::Tensor window_rows(std::span<const std::int64_t> first_rows) const;

  std::int64_t window_ = 1;
  std::int64_t rows_ = 0;
  std::int64_t copies_ = 1;
  at::Tensor values_;
  at::Tensor conditions_;
  std::vector<std::int64_t> starts_;  // first row of every window
  std::vector<std::int64_t> owners_;  // subject of every window
  std::vector<std::int64_t> first_;   // subject s owns windows [first_[s], first_[s + 1])
};

// Encodes rows into the head's units: [rows.size(), width].
at::Tensor encode_rows(const Codec& codec, const GanHead& head, const Table& table, std::span<const std::int64_t> rows,
                       Rng& rng);

}  // namespace understudy
