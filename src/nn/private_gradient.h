// What a private training steps along: the clipped gradients of the subjects that take part, summed, noised, and divided by
// a constant (docs/privacy/training.md).
//
//   player.gradient = private_gradient<Rows>(sums, pool, critic.flat(), {.micro_batch = 64}, expected, loss);
#pragma once

#include "nn/clipped_sum.h"
#include "nn/trainer.h"
#include "vault/private_training.h"

namespace understudy::nn {

// The summed loss of these subjects, from what the vault keeps of them (SubjectLoss in clipped_sum.h).
template <class Data>
using DataLoss = std::function<at::Tensor(const Data& data, const Turn& turn, Tape& tape, std::span<const std::int64_t> subjects)>;

// The same for networks whose gradients are not all on a tape (SubjectGradients).
template <class Data>
using DataGradients = std::function<at::Tensor(const Data& data, const Turn& turn, std::span<const std::int64_t> subjects,
                                               const FactorsOf& factors_of)>;

// sum / divisor: float [sum.size()].
at::Tensor gradient_of(std::span<const double> sum, double divisor);

// One sum of `sums` for each update. The bound is the mechanism's, whatever `clipping` says. expected: how many subjects a
// batch has on average, a number of the plan (rate times a public or released number of subjects); never the number that
// took part. ErrorKind::internal unless the mechanism's size is that of `flat`. `sums` and `pool` must outlive it.
template <class Data>
Gradient private_gradient(PrivateTraining::Sums<Data>& sums, ShardPool& pool, Clipping clipping, double expected,
                          DataGradients<Data> gradients) {
  clipping.bound = sums.mechanism().bound;
  return [&sums, &pool, clipping, expected, gradients = std::move(gradients)](const Turn& turn) {
    const auto sum = sums.next([&](const Data& data, std::span<const std::int64_t> subjects, std::span<double> total) {
      const SubjectGradients now = [&](std::span<const std::int64_t> some, const FactorsOf& factors_of) {
        return gradients(data, turn, some, factors_of);
      };
      add_clipped(pool, subjects, clipping, now, total);
    });
    return gradient_of(sum, expected);
  };
}

template <class Data>
Gradient private_gradient(PrivateTraining::Sums<Data>& sums, ShardPool& pool, at::Tensor flat, Clipping clipping,
                          double expected, DataLoss<Data> loss) {
  check_row(sums.mechanism().size, flat);
  return private_gradient<Data>(sums, pool, clipping, expected,
                                DataGradients<Data>([flat = std::move(flat), loss = std::move(loss)](
                                    const Data& data, const Turn& turn, std::span<const std::int64_t> subjects, const FactorsOf& factors_of) {
    return on_tape(flat, [&](Tape& tape, std::span<const std::int64_t> some) { return loss(data, turn, tape, some); })(subjects, factors_of);
  }));
}

}  // namespace understudy::nn
