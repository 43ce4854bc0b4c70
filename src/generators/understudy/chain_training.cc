#include "generators/understudy/chain_training.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <numeric>

#include "nn/adam.h"
#include "nn/row.h"
#include "nn/serial.h"
#include "understudy/error.h"

namespace understudy {
namespace {

constexpr std::int64_t kShard = 256;  // rows of a batch that one thread takes

std::int64_t steps_of(std::int64_t rows, std::int64_t batch) { return std::max<std::int64_t>(rows / batch, 1); }

std::int64_t all_steps(std::int64_t rows, std::int64_t batch, const ChainPlan& plan) {
  return std::max(plan.epochs * steps_of(rows, batch), plan.least_steps);
}

}  // namespace

ChainTraining::ChainTraining(const Chain& chain, std::vector<float> initial, std::span<const std::int32_t> categories,
                             const ChainPlan& plan, const Rng& rng, const Context& context)
    : chain_(chain), categories_(categories),
      batch_(std::min(plan.batch, static_cast<std::int64_t>(categories.size()) / chain.columns())),
      steps_each_(steps_of(static_cast<std::int64_t>(categories.size()) / chain.columns(), std::max<std::int64_t>(batch_, 1))), rng_(rng),
      pool_(context.threads), flat_(at::empty({chain.parameters()}, at::kFloat)),
      trainer_(all_steps(static_cast<std::int64_t>(categories.size()) / chain.columns(), std::max<std::int64_t>(batch_, 1), plan)),
      order_(categories.size() / static_cast<std::size_t>(chain.columns())), rooms_(static_cast<std::size_t>((plan.batch + kShard - 1) / kShard)) {
  if (batch_ < 1) fail(ErrorKind::internal, "a chain is fitted to no row");
  nn::use_one_thread();
  std::copy(initial.begin(), initial.end(), flat_.data_ptr<float>());
  trainer_.add({.name = "chain", .flat = flat_,
                .optimizer = std::make_unique<nn::Adam>(
                    flat_.numel(), nn::AdamOptions{.beta1 = 0.9, .beta2 = 0.999, .weight_decay = plan.weight_decay}),
                .schedule = {.rate = plan.rate, .decay = nn::Decay::cosine, .warmup = 0.05},
                .average = nn::Average(flat_.numel(), {.decay = 0.99}),
                .gradient = [this](const nn::Turn& turn) { return gradient(turn); }});
}

std::vector<float> ChainTraining::averaged() const {
  const at::Tensor mean = trainer_.averaged("chain").contiguous();
  return {mean.data_ptr<float>(), mean.data_ptr<float>() + mean.numel()};
}

// The rows of a step, in the order of its epoch; what is left over at an epoch's end has its turn in another order.
void ChainTraining::gather(std::int64_t step) {
  if (step / steps_each_ != epoch_) {
    epoch_ = step / steps_each_;
    std::iota(order_.begin(), order_.end(), 0);
    Rng of_epoch = rng_.stream("epoch", static_cast<std::uint64_t>(epoch_));
    of_epoch.shuffle(order_);
  }
  const std::int64_t columns = chain_.columns(), first = step % steps_each_ * batch_;
  rows_.resize(static_cast<std::size_t>(batch_ * columns));
  for (std::int64_t row = 0; row < batch_; ++row) {
    std::copy_n(categories_.data() + order_[static_cast<std::size_t>(first + row)] * columns, columns, rows_.data() + row * columns);
  }
}

at::Tensor ChainTraining::gradient(const nn::Turn& turn) {
  gather(turn.step);
  const std::int64_t columns = chain_.columns();
  at::Tensor sum = at::zeros_like(flat_);
  double nats = 0;
  pool_.in_order(
      (batch_ + kShard - 1) / kShard,
      [&](std::int64_t shard) {
        const std::int64_t first = shard * kShard, count = std::min(kShard, batch_ - first);
        const Chain::Rows rows{std::span(rows_).subspan(static_cast<std::size_t>(first * columns), static_cast<std::size_t>(count * columns))};
        at::Tensor part = at::zeros_like(flat_);
        const double own = chain_.gradient(nn::row<float>(flat_), rows, nn::row<float>(part), rooms_[static_cast<std::size_t>(shard)]);
        return std::vector<at::Tensor>{part, at::full({1}, own, at::kDouble)};
      },
      [&](std::vector<at::Tensor> part) {
        sum.add_(part[0]);
        nats += part[1].item<double>();
      });
  nats_ = nats / static_cast<double>(batch_);
  return sum.div_(static_cast<double>(batch_));
}

}  // namespace understudy
