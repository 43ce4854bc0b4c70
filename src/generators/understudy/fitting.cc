#include "generators/understudy/fitting.h"

#include <ATen/ATen.h>

#include <algorithm>

#include "nn/adam.h"
#include "nn/row.h"
#include "nn/serial.h"
#include "understudy/error.h"

namespace understudy {
namespace {

std::int64_t at_least_one(std::int64_t items) {
  if (items < 1) fail(ErrorKind::internal, "a network is fitted to nothing");
  return items;
}

}  // namespace

Fitting::Fitting(const at::Tensor& initial, std::int64_t items, const FittingPlan& plan, const Rng& rng, const Context& context, Loss loss)
    : shard_(plan.shard), loss_(std::move(loss)), order_(at_least_one(items), plan.batch, rng), pool_(context.threads),
      flat_(initial.clone()), trainer_(order_.steps(plan.epochs, plan.least_steps)),
      rooms_(static_cast<std::size_t>((order_.batch() + shard_ - 1) / shard_)) {
  nn::use_one_thread();
  trainer_.add({.name = "network", .flat = flat_,
                .optimizer = std::make_unique<nn::Adam>(
                    flat_.numel(), nn::AdamOptions{.beta1 = 0.9, .beta2 = 0.999, .weight_decay = plan.weight_decay}),
                .schedule = {.rate = plan.rate, .decay = nn::Decay::cosine, .warmup = 0.05},
                .average = nn::Average(flat_.numel(), {.decay = 0.99}),
                .gradient = [this](const nn::Turn& turn) { return gradient(turn); }});
}

at::Tensor Fitting::gradient(const nn::Turn& turn) {
  const std::span<const std::int64_t> items = order_.at(turn.step);
  const std::int64_t count = order_.batch();
  at::Tensor sum = at::zeros_like(flat_);
  double nats = 0;
  pool_.in_order(
      static_cast<std::int64_t>(rooms_.size()),
      [&](std::int64_t shard) {
        nn::use_one_thread();
        const std::int64_t first = shard * shard_, size = std::min(shard_, count - first);
        at::Tensor part = at::zeros_like(flat_);
        const double own = loss_(flat_, items.subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(size)), part,
                                 rooms_[static_cast<std::size_t>(shard)]);
        return std::vector<at::Tensor>{part, at::full({1}, own, at::kDouble)};
      },
      [&](std::vector<at::Tensor> part) {
        sum.add_(part[0]);
        nats += part[1].item<double>();
      });
  nats_ = nats / static_cast<double>(count);
  return sum.div_(static_cast<double>(count));
}

Fitting::Loss chain_loss(const Chain& chain, std::span<const std::int32_t> categories) {
  return [&chain, categories](const at::Tensor& flat, std::span<const std::int64_t> items, const at::Tensor& gradient, Chain::Workspace& room) {
    const std::int64_t columns = chain.columns();
    std::vector<std::int32_t> rows;
    rows.reserve(items.size() * static_cast<std::size_t>(columns));
    for (const std::int64_t item : items) {
      const auto row = categories.subspan(static_cast<std::size_t>(item * columns), static_cast<std::size_t>(columns));
      rows.insert(rows.end(), row.begin(), row.end());
    }
    return chain.gradient(nn::row<float>(flat), {rows}, nn::row<float>(gradient), room);
  };
}

}  // namespace understudy
