// What critic and generator of a GAN minimise. Scores are the critic's raw outputs f, [rows, 1]; where an objective
// speaks of probabilities, D = sigmoid(f).
//
//   non-saturating     Goodfellow et al. 2014 (arXiv:1406.2661): critic -log D(real) - log(1 - D(fake)),
//                      generator -log D(fake)
//   wgan-gp            Gulrajani et al. 2017 (arXiv:1704.00028): critic f(fake) - f(real), generator -f(fake)
//   boundary-seeking   Hjelm et al. 2018 (arXiv:1702.08431): the critic of non-saturating; generator
//                      1/2 (log D(fake) - log(1 - D(fake)))^2 = f(fake)^2 / 2 for continuous outputs, and for discrete
//                      ones the importance-weighted policy gradient of boundary_weights
#pragma once

#include <ATen/core/Tensor.h>

#include <string_view>

namespace understudy::nn {

enum class Objective { non_saturating, wgan_gp, boundary_seeking };

Objective parse_objective(std::string_view name);  // ErrorKind::usage for an unknown name

// Of each row, in the shape of `real`: the critic is trained on the rows of persons, one by one.
at::Tensor critic_losses(Objective objective, const at::Tensor& real, const at::Tensor& fake);
// Mean over the rows, without dimension.
at::Tensor generator_loss(Objective objective, const at::Tensor& fake);

// scores: [rows, draws], the critic on several discrete outputs of one latent. Returns w / sum(w) over the draws with
// w = D / (1 - D) = exp(f): how much more likely than the generator the data are to have made each.
at::Tensor boundary_weights(const at::Tensor& scores);

}  // namespace understudy::nn
