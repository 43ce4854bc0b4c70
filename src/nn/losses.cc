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

at::Tensor critic_losses(Objective objective, const at::Tensor& real, const at::Tensor& fake) {
  if (objective == Objective::wgan_gp) return fake - real;
  return at::softplus(-real) + at::softplus(fake);
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

}  // namespace understudy::nn
