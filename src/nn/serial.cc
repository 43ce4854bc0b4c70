#include "nn/serial.h"

#include <ATen/Parallel.h>

// Absent where torch brings another BLAS: MKL obeys torch.
extern "C" [[gnu::weak]] void openblas_set_num_threads(int threads);

namespace understudy::nn {

void use_one_thread() {
  if (at::get_num_threads() != 1) at::set_num_threads(1);
  if (openblas_set_num_threads != nullptr) openblas_set_num_threads(1);
}

}  // namespace understudy::nn
