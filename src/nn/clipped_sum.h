// The sum of the clipped gradients of a batch of subjects: what DP-SGD adds noise to (Abadi et al. 2016, arXiv:1607.00133).
//
//   ShardPool pool(threads);
//   std::vector<double> sum(parameters.size());
//   add_clipped(pool, parameters.flat(), subjects, {.bound = 1, .micro_batch = 64}, loss, sum);
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "nn/shards.h"
#include "nn/tape.h"

namespace understudy::nn {

struct Clipping {
  enum class Rule {
    flat,       // g min(1, bound / |g|)
    automatic,  // bound g / (|g| + 0.01): every gradient about as long (Bu et al. 2023, arXiv:2206.07136); no bound to tune
  };
  double bound = 1;               // the length of a subject's contribution is at most this
  Rule rule = Rule::flat;
  std::int64_t micro_batch = 64;  // most subjects at a time; memory depends on this, not on the batch
};

// The summed loss of these subjects, as many as the tape has. -1 stands for nobody: any numbers will do that belong to no
// subject, such as zeros; they add nothing.
using SubjectLoss = std::function<at::Tensor(Tape& tape, std::span<const std::int64_t> subjects)>;

// A factor for each subject, float [subjects], from the squared norms of their gradients, double [subjects].
using FactorsOf = std::function<at::Tensor(const at::Tensor& squared_norms)>;
// sum_i factor_i * gradient of subject i, float [parameters], with the factors that `factors_of` gives for the squared norms
// over all parameters together. A factor of 0 leaves the subject out, whatever its numbers are. Several threads call it at
// once. -1 as above.
using SubjectGradients = std::function<at::Tensor(std::span<const std::int64_t> subjects, const FactorsOf& factors_of)>;
SubjectGradients on_tape(const at::Tensor& flat, const SubjectLoss& loss);

// sum[parameters] += sum of the subjects' clipped gradients, micro-batch by micro-batch in fixed order, in doubles. A
// subject whose gradient is not finite adds nothing. Guarantee: adding or removing a subject changes the sum by at most
// clipping.bound in L2 norm, in real arithmetic (row_norms.h says what rounding can add). Assumption: `gradients` ties no
// subjects together. Tried to break by ClippedSum.*.
void add_clipped(ShardPool& pool, std::span<const std::int64_t> subjects, const Clipping& clipping,
                 const SubjectGradients& gradients, std::span<double> sum);

// float [subjects] by the rule; 0 where the square is not finite.
at::Tensor clip_factors(const at::Tensor& squared_norms, const Clipping& clipping);

// The plain gradient of the mean loss, in the same shards: what training without privacy takes. float [parameters]. Over
// ranks all pass the same subjects, each computes its deal of the shards (shards.h), and the result is the same at all.
at::Tensor mean_gradient(ShardPool& pool, const at::Tensor& flat, std::span<const std::int64_t> subjects,
                         std::int64_t micro_batch, const SubjectLoss& loss, Ranks* ranks = nullptr);

}  // namespace understudy::nn
