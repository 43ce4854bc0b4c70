#include "privacy/accountants/loss_curve.h"

#include <algorithm>
#include <cmath>

namespace understudy {
namespace {

// Walks the grid from its top down and keeps, at loss l: the mass above l, and the same weighted by e^(l - loss).
class Sweep {
 public:
  explicit Sweep(const LossCurve& curve)
      : curve_(curve),
        decay_(std::exp(-curve.interval)),
        index_(curve.first + static_cast<std::int64_t>(curve.mass.size()) - 1) {}

  std::int64_t index() const { return index_; }
  double loss() const { return static_cast<double>(index_) * curve_.interval; }
  double above() const { return above_; }
  double weighted() const { return weighted_; }
  double noise_at(double epsilon) const { return std::exp(curve_.log_noise - curve_.tilt * epsilon); }
  double bound() const { return curve_.infinite + (above_ - weighted_) + noise_at(loss()); }

  void step_down() {
    const double mass = index_ >= curve_.first ? curve_.mass[static_cast<std::size_t>(index_ - curve_.first)] : 0;
    above_ += mass;
    weighted_ = (weighted_ + mass) * decay_;
    --index_;
  }

 private:
  const LossCurve& curve_;
  double decay_;
  std::int64_t index_;
  double above_ = 0, weighted_ = 0;
};

}  // namespace

// Sums of positive terms and products with e^-interval: relative errors of a few 1e-16 a step, far fewer than 1e5 steps
// below a mass that matters, so 1e-10 covers them.
double LossCurve::epsilon(double delta) const {
  const double target = delta * (1 - 1e-10);
  Sweep sweep(*this);
  if (sweep.bound() > target) return std::numeric_limits<double>::infinity();
  while (sweep.index() > 0) {
    const double top = sweep.loss();
    sweep.step_down();
    if (sweep.bound() <= target) continue;
    const double rest = infinite + sweep.above() + sweep.noise_at(sweep.loss()) - target;
    return std::clamp(sweep.loss() + std::log(rest / sweep.weighted()), std::max(0.0, sweep.loss()), top);
  }
  return 0;
}

std::vector<double> LossCurve::bounds() const {
  Sweep sweep(*this);
  std::vector<double> result = {sweep.bound()};
  for (; sweep.index() >= 0; sweep.step_down()) result.push_back(sweep.bound());
  std::reverse(result.begin(), result.end());
  return result;
}

}  // namespace understudy
