// Rows of numbers as the plain loops of passes.h see them.
#pragma once

#include <ATen/core/Tensor.h>

#include <initializer_list>
#include <span>

namespace understudy::nn {

// Tests set it: tensor operations then do here what they do on other devices.
inline bool loops_are_off = false;

// Whether loops of ours can reach it.
inline bool is_here(const at::Tensor& tensor) { return tensor.is_cpu() && !loops_are_off; }

// Whether all of them are dense and in the memory of this processor: then a loop may go over them.
inline bool dense_here(std::initializer_list<at::Tensor> tensors) {
  for (const at::Tensor& tensor : tensors) {
    if (!is_here(tensor) || !tensor.is_contiguous()) return false;
  }
  return true;
}

template <class T>
std::span<T> row(const at::Tensor& tensor) {
  return {tensor.data_ptr<T>(), static_cast<std::size_t>(tensor.numel())};
}

}  // namespace understudy::nn
