// Means of the parameters over a training: what is sampled from is often better than the last parameters, more so with
// noise on the gradients. Post-processing: it costs no privacy.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <string>

#include "understudy/tensor_file.h"

namespace understudy::nn {

struct AverageOptions {
  // In [0, 1]. Below 1: exponential, parameters of k steps ago weigh decay^k, divided by the sum of the weights (as the
  // bias correction of Kingma and Ba 2015, section 3). 1: uniform (Polyak and Juditsky 1992).
  double decay = 1;
  std::int64_t skip = 0;   // so many updates at the start do not count; half of a training: its uniform tail
};

class Average {
 public:
  Average() = default;
  Average(std::int64_t parameters, AverageOptions options);

  // parameters: float [size]; the mean, in double so that small weights are not lost, follows them to their device.
  // ErrorKind::internal when the size differs.
  void update(const at::Tensor& parameters);
  at::Tensor value() const;  // float [size]; ErrorKind::internal before an update that counts

  void save(TensorFile& file, const std::string& name) const;
  void restore(const TensorFile& file, const std::string& name);  // ErrorKind::input when it does not fit

 private:
  AverageOptions options_;
  at::Tensor mean_;
  std::int64_t updates_ = 0;
};

}  // namespace understudy::nn
