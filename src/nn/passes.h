// What is done to every parameter after each batch, in one pass over the rows: as tensor operations each line would take
// several (Adam: 0.9 ms a million parameters on one core, here 0.3). All rows of a call have the same size.
#pragma once

#include <span>

namespace understudy::nn {

struct AdamPass {
  float beta1 = 0, beta2 = 0, epsilon = 0;
  float rate = 0;    // divided by 1 - beta1^t
  float unbias = 1;  // of v: 1 / (1 - beta2^t)
  float keep = 1;    // of p: 1 - rate weight_decay, with the rate that is not divided
};
// m <- beta1 m + (1 - beta1) g;  v <- beta2 v + (1 - beta2) g^2;  p <- keep p - rate m / (sqrt(unbias v) + epsilon).
void adam_pass(std::span<float> p, std::span<const float> g, std::span<float> m, std::span<float> v, const AdamPass& pass);

struct SgdPass {
  float momentum = 0, rate = 0;
  bool nesterov = false;
};
// b <- momentum b + g;  p <- p - rate b, with Nesterov p - rate (g + momentum b).
void sgd_pass(std::span<float> p, std::span<const float> g, std::span<float> b, const SgdPass& pass);

// g <- factor sum.
void scale_pass(std::span<float> g, std::span<const double> sum, double factor);

// sum <- sum + part.
void add_pass(std::span<double> sum, std::span<const float> part);

// mean <- mean + weight (p - mean).
void mean_pass(std::span<double> mean, std::span<const float> p, double weight);

}  // namespace understudy::nn
