#include "nn/serial.h"

#include <ATen/Parallel.h>

extern "C" void openblas_set_num_threads(int threads);

namespace understudy::nn {

void use_one_thread() {
  if (at::get_num_threads() != 1) at::set_num_threads(1);
  openblas_set_num_threads(1);
}

}  // namespace understudy::nn
