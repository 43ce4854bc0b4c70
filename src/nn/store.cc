#include "nn/store.h"

#include <ATen/ATen.h>

#include <cstring>

#include "understudy/error.h"

namespace understudy::nn {
namespace {

std::string weight_name(const std::string& name, std::size_t layer) { return fmt::format("{}.{}.weight", name, layer); }
std::string bias_name(const std::string& name, std::size_t layer) { return fmt::format("{}.{}.bias", name, layer); }

template <class T>
std::span<const T> view(const at::Tensor& values) {
  return {values.data_ptr<T>(), static_cast<std::size_t>(values.numel())};
}

}  // namespace

void put(TensorFile& file, const std::string& name, const at::Tensor& values) {
  const at::Tensor dense = values.detach().cpu().contiguous();
  if (dense.scalar_type() == at::kDouble) {
    file.put(name, dense.sizes().vec(), view<double>(dense));
  } else {
    file.put(name, dense.sizes().vec(), view<float>(dense));
  }
}

at::Tensor take(const TensorFile& file, const std::string& name) {
  const Tensor& stored = file.tensor(name);
  if (stored.type != Tensor::Type::f32 && stored.type != Tensor::Type::f64) {
    fail(ErrorKind::input, "tensor '{}' of the model file has an unexpected type", name);
  }
  at::Tensor result = at::empty(stored.shape, stored.type == Tensor::Type::f64 ? at::kDouble : at::kFloat);
  if (!stored.bytes.empty()) std::memcpy(result.data_ptr(), stored.bytes.data(), stored.bytes.size());
  return result;
}

void take_into(const TensorFile& file, const std::string& name, const at::Tensor& target) {
  const at::Tensor stored = take(file, name);
  if (stored.sizes() != target.sizes() || stored.scalar_type() != target.scalar_type()) {
    fail(ErrorKind::input, "tensor '{}' of the file has another shape than this training", name);
  }
  target.copy_(stored);
}

void put_count(TensorFile& file, const std::string& name, std::int64_t count) {
  file.put(name, {1}, std::span<const std::int64_t>(&count, 1));
}

std::int64_t take_count(const TensorFile& file, const std::string& name) {
  const std::vector<std::int64_t> numbers = file.integers(name);
  if (numbers.size() != 1 || numbers[0] < 0) fail(ErrorKind::input, "'{}' of the file is no count", name);
  return numbers[0];
}

void put(TensorFile& file, const std::string& name, const Mlp& network) {
  for (std::size_t i = 0; i < network.layers().size(); i += 2) {
    put(file, weight_name(name, i / 2), network.layers()[i]);
    put(file, bias_name(name, i / 2), network.layers()[i + 1]);
  }
}

Mlp take_mlp(const TensorFile& file, const std::string& name) {
  std::vector<std::int64_t> widths;
  std::vector<at::Tensor> parameters;
  for (std::size_t i = 0; i == 0 || file.tensors.contains(weight_name(name, i)); ++i) {
    const at::Tensor weight = take(file, weight_name(name, i));
    const at::Tensor bias = take(file, bias_name(name, i));
    const bool fits = weight.dim() == 2 && weight.scalar_type() == at::kFloat && bias.scalar_type() == at::kFloat &&
                      bias.dim() == 1 && bias.size(0) == weight.size(0) &&
                      (widths.empty() || widths.back() == weight.size(1));
    if (!fits) fail(ErrorKind::input, "layer {} of network '{}' in the model file does not fit its neighbours", i, name);
    if (widths.empty()) widths.push_back(weight.size(1));
    widths.push_back(weight.size(0));
    parameters.push_back(weight.reshape({-1}));
    parameters.push_back(bias);
  }
  return Mlp(widths, at::cat(parameters));
}

}  // namespace understudy::nn
