#include "nn/device.h"

#include <ATen/Context.h>
#include <c10/core/impl/DeviceGuardImplInterface.h>

#include <cstdlib>

#include "understudy/error.h"

namespace understudy::nn {

at::Device parse_device(std::string_view text) {
  if (text == "cpu") return at::kCPU;
  if (text != "cuda") fail(ErrorKind::usage, "device is '{}'; it must be one of cpu, cuda", text);
  if (!c10::impl::hasDeviceGuardImpl(at::kCUDA)) {
    fail(ErrorKind::usage, "device is 'cuda'; this libtorch was built without CUDA, so it must be cpu");
  }
  if (!at::hasCUDA()) fail(ErrorKind::usage, "device is 'cuda'; CUDA finds no device on this machine, so it must be cpu");
  return at::Device(at::kCUDA, 0);
}

void prepare(const at::Device& device) {
  if (!device.is_cuda()) return;
  setenv("CUBLAS_WORKSPACE_CONFIG", ":4096:8", /*overwrite=*/0);  // cuBLAS reads it once; without it torch refuses its products
  at::globalContext().setAllowTF32CuBLAS(false);
  at::globalContext().setAllowTF32CuDNN(false);
  at::globalContext().setDeterministicAlgorithms(true, /*warn_only=*/false);
}

}  // namespace understudy::nn
