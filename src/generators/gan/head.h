// The last step of the generator: from the network's raw numbers to an encoded row.
//
//   scalar    the raw number itself, in units of the encoded column's deviation (3 codec units are 1 here), and 0 where
//             a flag of its column says that there is no number
//   flag      1 with probability sigmoid(raw)
//   one-hot   category k with probability softmax(raw)_k
//   multi-hot each code k with probability sigmoid(raw_k), as a flag that gates nothing
//
// Training needs a gradient through the choices of flags and categories: `relaxed` draws them with Gumbel noise, gives
// the hard choice forwards and the gradient of the softened one (temperature 2/3) backwards (Jang et al. 2017,
// arXiv:1611.01144). All tensors are [rows, width].
#pragma once

#include <ATen/core/Tensor.h>

#include <span>
#include <vector>

#include "encode/codec.h"
#include "understudy/random.h"

namespace understudy {

class GanHead {
 public:
  static constexpr double kMostLogit = 30;  // logits are taken as at most this; keeps exp() finite

  GanHead() = default;
  explicit GanHead(std::span<const Block> blocks);

  bool has_choices() const { return has_choices_; }
  std::int64_t width() const { return scalars_.size(0); }
  std::span<const Block> blocks() const { return blocks_; }

  // Perturbation that turns logits into draws: logistic for flags and codes, Gumbel for one-hot, 0 for scalars.
  at::Tensor noise(Rng& rng, std::int64_t rows) const;
  void fill_noise(Rng& rng, float* row) const;  // of one row, [width]; scalars are left alone

  at::Tensor hard(const at::Tensor& raw, const at::Tensor& noise) const;      // no gradient through choices
  at::Tensor relaxed(const at::Tensor& raw, const at::Tensor& noise) const;
  at::Tensor expected(const at::Tensor& raw) const;                           // mean over the noise, given raw
  // Log-probability of the choices in `row`, [rows, 1].
  at::Tensor log_probability(const at::Tensor& raw, const at::Tensor& row) const;

  // 1 at scalars none of whose flags is up in `row`, 0 elsewhere.
  at::Tensor present(const at::Tensor& row) const;
  // Sets scalars to 0 where a flag of their column is up; what real rows go through.
  at::Tensor gated(const at::Tensor& row) const;
  // [width], 1 at the positions of each kind; codes of a multi-hot block are flags.
  const at::Tensor& scalars() const { return scalars_; }
  const at::Tensor& flags() const { return flags_; }
  const at::Tensor& hots() const { return hots_; }
  // Factor per position from codec units to ours, [width].
  const at::Tensor& units() const { return units_; }

 private:
  at::Tensor shares(const at::Tensor& raw) const;
  at::Tensor choices(const at::Tensor& perturbed) const;
  at::Tensor assemble(const at::Tensor& raw, const at::Tensor& choices) const;

  std::vector<Block> blocks_;
  bool has_choices_ = false;
  at::Tensor scalars_, flags_, hots_;
  at::Tensor same_;                    // [width, width], 1 inside a one-hot block, and for a flag or code with itself
  at::Tensor gate_;                    // [width, width], 1 from a flag to the scalar of its column
  at::Tensor units_;
};

}  // namespace understudy
