// Batches of an order that is drawn anew for each epoch. A pure function of the step: a training that goes on has them again.
#pragma once

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <span>
#include <vector>

#include "understudy/random.h"

namespace understudy {

class EpochOrder {
 public:
  // Of `count` items, at least one; a batch has `batch` of them, or all where there are fewer.
  EpochOrder(std::int64_t count, std::int64_t batch, const Rng& rng)
      : order_(static_cast<std::size_t>(count)), batch_(std::min(batch, count)), rng_(rng) {}

  std::int64_t batch() const { return batch_; }
  std::int64_t steps_each() const { return std::max<std::int64_t>(static_cast<std::int64_t>(order_.size()) / batch_, 1); }
  std::int64_t steps(std::int64_t epochs, std::int64_t least) const { return std::max(epochs * steps_each(), least); }

  // What is left over at an epoch's end has its turn in another order.
  std::span<const std::int64_t> at(std::int64_t step) {
    if (step / steps_each() != epoch_) {
      epoch_ = step / steps_each();
      std::iota(order_.begin(), order_.end(), 0);
      Rng of_epoch = rng_.stream("epoch", static_cast<std::uint64_t>(epoch_));
      of_epoch.shuffle(order_);
    }
    return std::span(order_).subspan(static_cast<std::size_t>(step % steps_each() * batch_), static_cast<std::size_t>(batch_));
  }

 private:
  std::vector<std::int64_t> order_;
  std::int64_t batch_, epoch_ = -1;
  Rng rng_;
};

}  // namespace understudy
