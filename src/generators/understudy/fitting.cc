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
    : shard_(plan.shard), dropout_(plan.dropout), rng_(rng.stream("dropout")), loss_(std::move(loss)), order_(at_least_one(items), plan.batch, rng), pool_(context.threads), ranks_(context.ranks),
      flat_(initial.clone()), trainer_(std::min(order_.steps(plan.epochs, plan.least_steps), plan.most_steps)),
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
  const std::int64_t count = order_.batch(), size = flat_.numel();
  const nn::Deal own = nn::deal(ranks_);
  at::Tensor sum = at::zeros({size + 1});  // the nats at its end
  pool_.in_order(
      own.count(static_cast<std::int64_t>(rooms_.size())),
      [&](std::int64_t number) {
        nn::use_one_thread();
        const std::int64_t shard = own.shard(number), first = shard * shard_, many = std::min(shard_, count - first);
        at::Tensor part = at::zeros({size + 1});
        Chain::Workspace& room = rooms_[static_cast<std::size_t>(shard)];
        room.dropout = {.share = dropout_, .rng = rng_.stream("step", static_cast<std::uint64_t>(turn.step)).stream("shard", static_cast<std::uint64_t>(shard))};
        const double nats = loss_(flat_, items.subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(many)), part.narrow(0, 0, size),
                                  room);
        part[size] = nats;
        return std::vector<at::Tensor>{part};
      },
      [&](std::vector<at::Tensor> part) { sum.add_(part.front()); });
  nn::add_up(sum, ranks_);
  sum.div_(static_cast<double>(count));
  nats_ = sum[size].item<double>();
  return sum.narrow(0, 0, size);
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
