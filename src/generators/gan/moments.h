// The generator's distance to means and products of encoded columns.
//
// The gap between the moments of the generator and the target is squared through a running mean, whose noise is not that of
// the batch: <gap, moments of the batch> has the gradient of half the squared gap without its bias.
#pragma once

#include <ATen/core/Tensor.h>

#include "generators/gan/head.h"

namespace understudy {

class GanMoments {
 public:
  // target: mean of [window, conditions, 1] times its transpose over the training rows (GanRows::moments), of `window` rows
  // side by side. alone: only means and squares count, for targets that know nothing of pairs.
  GanMoments(const GanHead& head, std::int64_t window, std::int64_t conditions, at::Tensor target, bool alone);

  // rows [n, window * width] as expected of the generator, conditions [n, c]: [n, window * width + c + 1].
  static at::Tensor features(const at::Tensor& rows, const at::Tensor& conditions);
  at::Tensor loss(const at::Tensor& features) const;     // without dimension
  static at::Tensor of(const at::Tensor& features);      // moments of a batch, without graph
  void update(const at::Tensor& moments);                // moves the running mean towards them
  const at::Tensor& running() const { return running_; } // belongs to the state of a training

 private:
  at::Tensor target_, running_, mask_;  // the mask says which of them count
};

}  // namespace understudy
