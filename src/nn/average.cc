#include "nn/average.h"

#include <ATen/ATen.h>

#include <cmath>

#include "nn/optimizer.h"
#include "nn/passes.h"
#include "nn/row.h"
#include "nn/store.h"
#include "understudy/error.h"

namespace understudy::nn {
namespace {

// Of the newest among n: 1 / (1 + decay + ... + decay^(n - 1)).
double newest_weight(double decay, std::int64_t n) {
  const auto count = static_cast<double>(n);
  return decay < 1 ? (1 - decay) / (1 - std::pow(decay, count)) : 1 / count;
}

}  // namespace

Average::Average(std::int64_t parameters, AverageOptions options)
    : options_(options), mean_(at::zeros({parameters}, at::kDouble)) {}

void Average::update(const at::Tensor& parameters) {
  check_row(mean_.numel(), parameters);
  if (++updates_ <= options_.skip) return;
  mean_ = mean_.to(parameters.device());
  const double weight = newest_weight(options_.decay, updates_ - options_.skip);
  if (dense_here({parameters})) {
    mean_pass(row<double>(mean_), row<float>(parameters), weight);
  } else {
    mean_.add_(parameters - mean_, weight);
  }
}

at::Tensor Average::value() const {
  if (updates_ <= options_.skip) {
    fail(ErrorKind::internal, "a mean of parameters after {} updates, of which {} do not count", updates_, options_.skip);
  }
  return mean_.to(at::kFloat);
}

void Average::save(TensorFile& file, const std::string& name) const {
  put(file, name + ".mean", mean_);
  put_count(file, name + ".updates", updates_);
}

void Average::restore(const TensorFile& file, const std::string& name) {
  take_into(file, name + ".mean", mean_);
  updates_ = take_count(file, name + ".updates");
}

}  // namespace understudy::nn
