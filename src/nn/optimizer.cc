#include "nn/optimizer.h"

#include "understudy/error.h"

namespace understudy::nn {

void check_row(std::int64_t size, const at::Tensor& row) {
  if (row.dim() == 1 && row.numel() == size && row.scalar_type() == at::kFloat) return;
  fail(ErrorKind::internal, "{} parameters were expected, not {} numbers of type {}", size, row.numel(),
       c10::toString(row.scalar_type()));
}

}  // namespace understudy::nn
