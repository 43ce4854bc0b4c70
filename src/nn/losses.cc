#include "nn/losses.h"

#include <ATen/ATen.h>

#include "understudy/error.h"

namespace understudy::nn {

Objective parse_objective(std::string_view name) {
  if (name == "non-saturating") return Objective::non_saturating;
  if (name == "wgan-gp") return Objective::wgan_gp;
  if (name == "boundary-seeking") return Objective::boundary_seeking;
  fail(ErrorKind::usage, "objective is '{}'; it must be one of non-saturating, wgan-gp, boundary-seeking", name);
}

at::Tensor critic_loss(Objective objective, const at::Tensor& real, const at::Tensor& fake) {
  if (objective == Objective::wgan_gp) return fake.mean() - real.mean();
  return at::softplus(-real).mean() + at::softplus(fake).mean();
}

at::Tensor generator_loss(Objective objective, const at::Tensor& fake) {
  switch (objective) {
    case Objective::wgan_gp: return -fake.mean();
    case Objective::non_saturating: return at::softplus(-fake).mean();
    case Objective::boundary_seeking: return 0.5 * fake.square().mean();
  }
  fail(ErrorKind::internal, "unknown objective");
}

at::Tensor boundary_weights(const at::Tensor& scores) { return at::softmax(scores.detach(), 1); }

at::Tensor gradient_penalty(Penalty penalty, const Mlp& critic, const at::Tensor& x, std::int64_t columns) {
  const at::Tensor squares = critic.input_gradient(x).narrow(1, 0, columns).square().sum(1);
  if (penalty == Penalty::slope_zero) return squares.mean();
  return ((squares + 1e-12).sqrt() - 1).square().mean();
}

}  // namespace understudy::nn
