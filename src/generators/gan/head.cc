#include "generators/gan/head.h"

#include <ATen/ATen.h>

#include <cmath>

namespace understudy {
namespace {

constexpr double kUnits = 3;            // the codec divides normal scores by 3
constexpr double kTemperature = 2.0 / 3;

}  // namespace

GanHead::GanHead(std::span<const Block> blocks) : blocks_(blocks.begin(), blocks.end()) {
  std::int64_t width = 0;
  for (const Block& block : blocks_) width = std::max(width, block.offset + block.width);
  scalars_ = at::zeros({width}, at::kFloat);
  flags_ = at::zeros({width}, at::kFloat);
  hots_ = at::zeros({width}, at::kFloat);
  same_ = at::zeros({width, width}, at::kFloat);
  gate_ = at::zeros({width, width}, at::kFloat);
  for (const Block& block : blocks_) {
    at::Tensor& kind = block.kind == Block::Kind::scalar    ? scalars_
                       : block.kind == Block::Kind::one_hot ? hots_
                                                            : flags_;
    kind.narrow(0, block.offset, block.width).fill_(1);
    if (block.kind == Block::Kind::scalar) continue;
    has_choices_ = true;
    at::Tensor together = same_.narrow(0, block.offset, block.width).narrow(1, block.offset, block.width);
    if (block.kind == Block::Kind::multi_hot) {
      together.fill_diagonal_(1);
    } else {
      together.fill_(1);
    }
    if (block.kind != Block::Kind::flag) continue;
    for (const Block& other : blocks_) {
      if (other.column != block.column || other.kind != Block::Kind::scalar) continue;
      gate_.narrow(0, block.offset, 1).narrow(1, other.offset, other.width).fill_(1);
    }
  }
  units_ = 1 + (kUnits - 1) * scalars_;
}

at::Tensor GanHead::noise(Rng& rng, std::int64_t rows) const {
  at::Tensor result = at::zeros({rows, width()}, at::kFloat);
  if (!has_choices_) return result;
  for (std::int64_t i = 0; i < rows; ++i) fill_noise(rng, result.data_ptr<float>() + i * width());
  return result;
}

void GanHead::fill_noise(Rng& rng, float* row) const {
  for (const Block& block : blocks_) {
    if (block.kind == Block::Kind::scalar) continue;
    for (std::int64_t k = block.offset; k < block.offset + block.width; ++k) {
      const double gumbel = -std::log(rng.exponential() + 1e-30);
      const double other = block.kind == Block::Kind::one_hot ? 0 : -std::log(rng.exponential() + 1e-30);
      row[k] = static_cast<float>(gumbel - other);
    }
  }
}

// Probabilities of flags and categories; 0 at scalars.
at::Tensor GanHead::shares(const at::Tensor& raw) const {
  const at::Tensor e = at::clamp(raw, -kMostLogit, kMostLogit).exp() * (flags_ + hots_);
  return e / (at::matmul(e, same_) + (1 - hots_));
}

// The choices the perturbed logits make: flags above 0, the largest of each one-hot block.
at::Tensor GanHead::choices(const at::Tensor& perturbed) const {
  at::Tensor result = (perturbed > 0).to(at::kFloat) * flags_;
  for (const Block& block : blocks_) {
    if (block.kind != Block::Kind::one_hot) continue;
    const at::Tensor best = perturbed.narrow(1, block.offset, block.width).argmax(1, /*keepdim=*/true);
    result.narrow(1, block.offset, block.width).scatter_(1, best, 1.0);
  }
  return result;
}

at::Tensor GanHead::assemble(const at::Tensor& raw, const at::Tensor& chosen) const {
  return raw * present(chosen) + chosen;
}

at::Tensor GanHead::hard(const at::Tensor& raw, const at::Tensor& noise) const {
  if (!has_choices_) return raw;
  return assemble(raw, choices((raw + noise).detach()));
}

at::Tensor GanHead::relaxed(const at::Tensor& raw, const at::Tensor& noise) const {
  if (!has_choices_) return raw;
  const at::Tensor perturbed = raw + noise;
  const at::Tensor soft = shares(perturbed / kTemperature);
  return assemble(raw, choices(perturbed.detach()) + soft - soft.detach());
}

at::Tensor GanHead::expected(const at::Tensor& raw) const {
  return has_choices_ ? assemble(raw, shares(raw)) : raw;
}

at::Tensor GanHead::log_probability(const at::Tensor& raw, const at::Tensor& row) const {
  const at::Tensor logits = at::clamp(raw, -kMostLogit, kMostLogit);
  const at::Tensor log_sum = at::log(at::matmul(logits.exp() * hots_, same_) + (1 - hots_));
  const at::Tensor hot = hots_ * row * (logits - log_sum);
  const at::Tensor flag = flags_ * (row * logits - at::softplus(logits));
  return (hot + flag).sum(1, /*keepdim=*/true);
}

at::Tensor GanHead::present(const at::Tensor& row) const {
  if (!has_choices_) return at::ones_like(row);
  return scalars_ * (1 - at::matmul(row * flags_, gate_)).clamp(0, 1);
}

at::Tensor GanHead::gated(const at::Tensor& row) const {
  return has_choices_ ? row * (present(row) + flags_ + hots_) : row;
}

}  // namespace understudy
