// Fits generator "understudy" with privacy: bought marginals make the categories and where the networks begin, independent
// columns; noisy sums of clipped gradients by subject (docs/privacy/training.md) teach them the rest.
#pragma once

#include <ATen/core/Tensor.h>

#include <span>

#include "generators/understudy/chain.h"
#include "nn/clipped_sum.h"
#include "understudy/generator.h"

namespace understudy {

// Of a chain with one row for each subject, `categories` [subjects x columns] (nn::SubjectGradients). -1: nobody.
at::Tensor weighed_gradient(const Chain& chain, const at::Tensor& flat, std::span<const std::int32_t> categories,
                            std::span<const std::int64_t> subjects, const nn::FactorsOf& factors_of);

// Costs at most the budget. ErrorKind::input for a schema without a column that a network can learn, and as MarginalPurchase.
Released<ModelPtr> fit_understudy_privately(const Vault& vault, const Options& options, const Budget& budget, const Context& context,
                                            const Checkpoint& checkpoint);

}  // namespace understudy
