#include "nn/passes.h"

#include <cmath>
#include <cstddef>

namespace understudy::nn {

void adam_pass(std::span<float> p, std::span<const float> g, std::span<float> m, std::span<float> v,
               const AdamPass& pass) {
  const auto [beta1, beta2, epsilon, rate, unbias, keep] = pass;
  for (std::size_t i = 0; i < p.size(); ++i) {
    m[i] = beta1 * m[i] + (1 - beta1) * g[i];
    v[i] = beta2 * v[i] + (1 - beta2) * g[i] * g[i];
    p[i] = keep * p[i] - rate * m[i] / (std::sqrt(unbias * v[i]) + epsilon);
  }
}

void sgd_pass(std::span<float> p, std::span<const float> g, std::span<float> b, const SgdPass& pass) {
  const float of_gradient = pass.nesterov ? 1 : 0, of_velocity = pass.nesterov ? pass.momentum : 1;
  for (std::size_t i = 0; i < p.size(); ++i) {
    b[i] = pass.momentum * b[i] + g[i];
    p[i] -= pass.rate * (of_gradient * g[i] + of_velocity * b[i]);
  }
}

void scale_pass(std::span<float> g, std::span<const double> sum, double factor) {
  for (std::size_t i = 0; i < g.size(); ++i) g[i] = static_cast<float>(factor * sum[i]);
}

void add_pass(std::span<double> sum, std::span<const float> part) {
  for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += part[i];
}

void mean_pass(std::span<double> mean, std::span<const float> p, double weight) {
  for (std::size_t i = 0; i < mean.size(); ++i) mean[i] += weight * (p[i] - mean[i]);
}

}  // namespace understudy::nn
