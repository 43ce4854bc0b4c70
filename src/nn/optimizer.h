// What moves the parameters of a network, given their gradient. All of it is post-processing: with a gradient that is
// private, so is what an optimizer makes of it.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <string>

#include "understudy/tensor_file.h"

namespace understudy::nn {

class Optimizer {
 public:
  virtual ~Optimizer() = default;

  // Moves `parameters` against `gradient` in place: float [size], on one device, where the state follows them.
  // ErrorKind::internal when sizes or types differ. The same bytes on any number of threads.
  virtual void step(const at::Tensor& parameters, const at::Tensor& gradient, double rate) = 0;

  virtual void save(TensorFile& file, const std::string& name) const = 0;
  virtual void restore(const TensorFile& file, const std::string& name) = 0;  // ErrorKind::input when it does not fit

 protected:
  Optimizer() = default;
  Optimizer(const Optimizer&) = default;
  Optimizer& operator=(const Optimizer&) = default;
};

// ErrorKind::internal unless `row` is float [size].
void check_row(std::int64_t size, const at::Tensor& row);

}  // namespace understudy::nn
