#include "nn/parameters.h"

#include <ATen/ATen.h>

#include "nn/store.h"
#include "understudy/error.h"

namespace understudy::nn {

std::int64_t Parameter::size() const {
  std::int64_t size = 1;
  for (const std::int64_t extent : shape) size *= extent;
  return size;
}

Parameter Parameters::add(const std::string& name, const at::Tensor& initial) {
  for (const auto& [known, parameter] : entries_) {
    if (known == name) fail(ErrorKind::internal, "a network has two parameters '{}'", name);
  }
  const Parameter parameter{.offset = size(), .shape = initial.sizes().vec()};
  entries_.emplace_back(name, parameter);
  const at::Tensor row = initial.to(at::kFloat).reshape({-1});
  flat_ = flat_.defined() ? at::cat({flat_, row}) : row.clone();
  return parameter;
}

at::Tensor Parameters::value(const Parameter& parameter) const {
  return flat_.narrow(0, parameter.offset, parameter.size()).view(parameter.shape);
}

void Parameters::save(TensorFile& file, const std::string& prefix) const {
  for (const auto& [name, parameter] : entries_) put(file, prefix + "." + name, value(parameter));
}

void Parameters::restore(const TensorFile& file, const std::string& prefix) {
  for (const auto& [name, parameter] : entries_) {
    at::Tensor stored = at::empty(parameter.shape, at::kFloat);
    take_into(file, prefix + "." + name, stored);
    value(parameter).copy_(stored);
  }
}

}  // namespace understudy::nn
