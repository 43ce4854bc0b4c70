// Tensors in and out of model files and checkpoints.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <string>

#include "nn/mlp.h"
#include "understudy/tensor_file.h"

namespace understudy::nn {

void put(TensorFile& file, const std::string& name, const at::Tensor& values);  // float or double, on any device
at::Tensor take(const TensorFile& file, const std::string& name);               // ErrorKind::input when it is absent

// The same into a tensor of the same shape and type; ErrorKind::input when they differ.
void take_into(const TensorFile& file, const std::string& name, const at::Tensor& target);

// A number that counts; ErrorKind::input when it is absent, not one number, or negative.
void put_count(TensorFile& file, const std::string& name, std::int64_t count);
std::int64_t take_count(const TensorFile& file, const std::string& name);

// Each layer as name.0.weight, name.0.bias, name.1.weight, ...
void put(TensorFile& file, const std::string& name, const Mlp& network);
// Widths follow from the shapes. ErrorKind::input when they do not fit together.
Mlp take_mlp(const TensorFile& file, const std::string& name);

}  // namespace understudy::nn
