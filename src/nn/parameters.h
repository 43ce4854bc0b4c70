// The parameters of a network: windows of one flat row, so that optimiser, noise and ranks see one vector.
//
//   Parameters parameters;
//   const Linear layer(parameters, "critic.0", 15, 128, rng);   // adds "critic.0.weight" and "critic.0.bias"
//   Tape tape(parameters.flat(), subjects);
//   at::Tensor y = layer(tape, x);
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <string>
#include <vector>

#include "understudy/tensor_file.h"

namespace understudy::nn {

// A window of the flat row; cheap to copy, holds no numbers.
struct Parameter {
  std::int64_t offset = 0;
  std::vector<std::int64_t> shape;
  std::int64_t size() const;
};

class Parameters {
 public:
  // `initial` [shape]: float; its numbers are copied to the end of the row. ErrorKind::internal for a name that is there.
  Parameter add(const std::string& name, const at::Tensor& initial);

  std::int64_t size() const { return flat_.defined() ? flat_.numel() : 0; }
  const at::Tensor& flat() const { return flat_; }  // float [size]; a new one after each add
  at::Tensor value(const Parameter& parameter) const;  // a view
  void move_to(const at::Device& device) { flat_ = flat_.to(device); }  // before a training takes flat()

  // Each as prefix.NAME. ErrorKind::input when names or shapes differ.
  void save(TensorFile& file, const std::string& prefix) const;
  void restore(const TensorFile& file, const std::string& prefix);

 private:
  std::vector<std::pair<std::string, Parameter>> entries_;
  at::Tensor flat_;
};

}  // namespace understudy::nn
