#include "generators/gan/moments.h"

#include <ATen/ATen.h>

#include <algorithm>

namespace understudy {
namespace {

constexpr double kMemory = 0.95;

// 1 for products whose mean over the training rows the expected rows of the generator can be compared with: not those
// of conditions alone, and not those inside one column of a row that has flags or categories; of two codes of a cell,
// which are drawn apart, they can.
at::Tensor moment_mask(const GanHead& head, std::int64_t window, std::int64_t conditions) {
  const std::int64_t rows = window * head.width();
  at::Tensor mask = at::ones({rows + conditions + 1, rows + conditions + 1}, at::kFloat);
  mask.narrow(0, rows, conditions + 1).narrow(1, rows, conditions + 1).zero_();
  for (const Block& a : head.blocks()) {
    for (const Block& b : head.blocks()) {
      const bool scalar_alone = a.kind == Block::Kind::scalar && b.kind == a.kind &&
                                std::count_if(head.blocks().begin(), head.blocks().end(),
                                              [&](const Block& other) { return other.column == a.column; }) == 1;
      if (a.column != b.column || scalar_alone) continue;
      for (std::int64_t k = 0; k < window; ++k) {
        const std::int64_t base = k * head.width();
        at::Tensor inside = mask.narrow(0, base + a.offset, a.width).narrow(1, base + b.offset, b.width);
        if (a.kind == Block::Kind::multi_hot) {
          inside.fill_diagonal_(0);
        } else {
          inside.zero_();
        }
      }
    }
  }
  return mask;
}

// Means and squares: the last column, the last row, the diagonal.
at::Tensor alone_mask(std::int64_t width) {
  at::Tensor mask = at::eye(width, at::kFloat);
  mask.select(0, width - 1).fill_(1);
  mask.select(1, width - 1).fill_(1);
  return mask;
}

}  // namespace

GanMoments::GanMoments(const GanHead& head, std::int64_t window, std::int64_t conditions, at::Tensor target, bool alone)
    : target_(std::move(target)), running_(target_.clone()), mask_(moment_mask(head, window, conditions)) {
  if (alone) mask_ *= alone_mask(mask_.size(0));
}

at::Tensor GanMoments::features(const at::Tensor& rows, const at::Tensor& conditions) {
  return at::cat({rows, conditions, at::ones({rows.size(0), 1}, at::kFloat)}, 1);
}

at::Tensor GanMoments::loss(const at::Tensor& features) const {
  return (at::matmul(features, (running_ - target_) * mask_) * features).sum(1).mean();
}

at::Tensor GanMoments::of(const at::Tensor& features) {
  const at::Tensor x = features.detach();
  return at::matmul(x.t(), x) / static_cast<double>(x.size(0));
}

void GanMoments::update(const at::Tensor& moments) { running_.lerp_(moments, 1 - kMemory); }

}  // namespace understudy
