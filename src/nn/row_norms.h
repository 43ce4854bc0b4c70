// Norms of subjects' gradients from what a linear layer leaves behind, without the gradients.
//
// Subject i owns rows t of its inputs a and of the gradients g of its outputs; its gradient is M = sum_t g_t a_t'.
//
//   one row       |M|^2 = |a|^2 |g|^2
//   gram          |M|^2 = sum_{t,s} (a_t . a_s)(g_t . g_s)                (Bu et al. 2022, arXiv:2210.00038)
//   instantiated  M itself
//
// With a bias each a has one more entry, 1.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace understudy::nn {

enum class NormRule { cheaper, gram, instantiate };

// inputs [subjects, rows, p] and gradients [subjects, rows, d]: float, strided as one likes; copied where a row's entries do
// not lie next to each other. Returns |M|^2 as double [subjects], on the device of the inputs.
//
// `cheaper` takes the gram where rows (p + d) 0.7 < p d. In float32 the gram loses what cancels between a subject's rows
// and may come out too small, even negative. So it is never taken for what it shows: 8 u sum_{t,s} |a_t . a_s| |g_t . g_s|
// is added (u = 2^-24, the error of one product in practice), and a subject for which that is more than 1e-4 of the square
// is instantiated in doubles. The choice depends on the subject's own rows alone. Tried to break by
// RowNorms.ASubjectBuiltToCancelIsNotUnderestimated.
at::Tensor squared_norms(const at::Tensor& inputs, const at::Tensor& gradients, bool has_bias,
                         NormRule rule = NormRule::cheaper);

}  // namespace understudy::nn
