#include "nn/clipped_sum.h"

#include <ATen/ATen.h>

#include <algorithm>

#include "nn/optimizer.h"
#include "nn/passes.h"

namespace understudy::nn {
namespace {

constexpr std::int64_t kStep = 8;    // of the last micro-batch's size
constexpr double kStability = 0.01;  // of automatic clipping, as in the paper

// The subjects of a micro-batch. The last one is shorter, in few sizes, with nobody where the batch ends before.
std::vector<std::int64_t> micro_batch(std::span<const std::int64_t> subjects, std::int64_t size, std::int64_t shard) {
  const auto rest = subjects.subspan(static_cast<std::size_t>(shard * size));
  const std::int64_t rounded_up = (static_cast<std::int64_t>(rest.size()) + kStep - 1) / kStep * kStep;
  std::vector<std::int64_t> chosen(static_cast<std::size_t>(std::min(size, rounded_up)), -1);
  std::copy_n(rest.begin(), std::min(rest.size(), chosen.size()), chosen.begin());
  return chosen;
}

std::int64_t shards_of(std::span<const std::int64_t> subjects, std::int64_t size) {
  return (static_cast<std::int64_t>(subjects.size()) + size - 1) / size;
}

at::Tensor present(std::span<const std::int64_t> subjects) {
  at::Tensor mask = at::empty({static_cast<std::int64_t>(subjects.size())}, at::kFloat);
  std::transform(subjects.begin(), subjects.end(), mask.data_ptr<float>(), [](std::int64_t s) { return s >= 0 ? 1.0F : 0.0F; });
  return mask;
}

at::Tensor clipped(std::span<const std::int64_t> subjects, const Clipping& clipping, const SubjectGradients& gradients) {
  return gradients(subjects, [&](const at::Tensor& squared_norms) {
    return clip_factors(squared_norms, clipping) * present(subjects).to(squared_norms.device());
  }).cpu();
}

}  // namespace

at::Tensor clip_factors(const at::Tensor& squared_norms, const Clipping& clipping) {
  const at::Tensor norms = squared_norms.sqrt();
  const at::Tensor factors = clipping.rule == Clipping::Rule::flat ? (clipping.bound / norms).clamp_max(1)
                                                                   : clipping.bound / (norms + kStability);
  return factors.masked_fill(at::logical_not(at::isfinite(squared_norms)), 0).to(at::kFloat);
}

SubjectGradients on_tape(const at::Tensor& flat, const SubjectLoss& loss) {
  return [flat, loss](std::span<const std::int64_t> subjects, const FactorsOf& factors_of) {
    Tape tape(flat, static_cast<std::int64_t>(subjects.size()));
    tape.backward(loss(tape, subjects));
    return tape.weighted_sum(factors_of(tape.squared_norms()));
  };
}

void add_clipped(ShardPool& pool, std::span<const std::int64_t> subjects, const Clipping& clipping,
                 const SubjectGradients& gradients, std::span<double> sum) {
  pool.in_order(
      shards_of(subjects, clipping.micro_batch),
      [&](std::int64_t shard) {
        return std::vector<at::Tensor>{clipped(micro_batch(subjects, clipping.micro_batch, shard), clipping, gradients)};
      },
      [&](std::vector<at::Tensor> part) {
        check_row(static_cast<std::int64_t>(sum.size()), part.front());
        add_pass(sum, {part.front().data_ptr<float>(), sum.size()});
      });
}

at::Tensor mean_gradient(ShardPool& pool, const at::Tensor& flat, std::span<const std::int64_t> subjects, std::int64_t size,
                         const SubjectLoss& loss, Ranks* ranks) {
  const Deal own = deal(ranks);
  at::Tensor sum = at::zeros_like(flat);
  pool.in_order(
      own.count(shards_of(subjects, size)),
      [&](std::int64_t number) {
        const auto all = micro_batch(subjects, size, own.shard(number));
        const auto some = std::span(all).first(static_cast<std::size_t>(std::count_if(all.begin(), all.end(), [](auto s) { return s >= 0; })));
        Tape tape = Tape::plain(flat);
        tape.backward(loss(tape, some));
        return std::vector<at::Tensor>{tape.gradient()};
      },
      [&](std::vector<at::Tensor> part) { sum.add_(part.front()); });
  add_up(sum, ranks);
  return sum.div_(static_cast<double>(subjects.size()));
}

}  // namespace understudy::nn
