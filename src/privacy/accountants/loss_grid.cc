#include "privacy/accountants/loss_grid.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace understudy {
namespace {

constexpr double kUnit = std::numeric_limits<double>::epsilon();

}  // namespace

LossGrid::LossGrid(double interval, std::int64_t first, std::int64_t last)
    : interval_(interval), first_(first), last_(last), rise_(std::expm1(interval)), fall_(-std::expm1(-interval)) {
  const auto points = static_cast<std::size_t>(last - first + 1);
  losses_.remove = {.first = first, .mass = std::vector<double>(points), .infinite = 0};
  losses_.add = {.first = -last, .mass = std::vector<double>(points), .infinite = 0};
}

// The upper end of [a, b] takes (p - e^a q) / (1 - e^-interval), the lower one the rest of p. Rounding errors are
// covered by taking a little more to the upper end.
void LossGrid::add_cell(std::int64_t k, double p, double q, double noise) {
  if (p <= 0 && q <= 0) return;
  p = std::max(p, 0.0);
  q = std::max(q, 0.0);
  const double low = static_cast<double>(k) * interval_;
  const double scaled = std::exp(low) * q;  // e^a q
  const double error = noise + kUnit * (4 + std::abs(low)) * (p + scaled);
  const auto i = static_cast<std::size_t>(k - first_);
  const double upper = std::clamp((p - scaled + error) / fall_, 0.0, p);
  losses_.remove.mass[i] += p - upper;
  losses_.remove.mass[i + 1] += upper;

  // Swapped: losses [-b, -a], upper end -a takes (q - e^-b p) / (1 - e^-interval) = e^-a (e^b q - p) / (e^h - 1) ...
  const double back = std::exp(-low);
  const double other = std::clamp(back * ((scaled - p) + rise_ * scaled + error) / rise_, 0.0, q);
  const auto j = static_cast<std::size_t>(last_ - k);
  losses_.add.mass[j] += other;
  losses_.add.mass[j - 1] += q - other;
}

void LossGrid::add_atom(double loss, double p) {
  // An atom on the last grid point belongs to the cell below it.
  const auto k = std::min(static_cast<std::int64_t>(std::floor(loss / interval_)), last_ - 1);
  add_cell(k, p, p * std::exp(-loss));
}

// The true loss is lower than the lowest grid point, or infinite for the other order.
void LossGrid::add_below(double p, double q) {
  losses_.remove.mass.front() += p;
  losses_.add.infinite += q;
}

void LossGrid::add_above(double p, double q) {
  losses_.remove.infinite += p;
  losses_.add.mass.front() += q;
}

TwoWayLosses LossGrid::finish(double failure) && {
  for (LossMasses* masses : {&losses_.remove, &losses_.add}) {
    for (double& mass : masses->mass) mass *= 1 - failure;
    masses->infinite = failure + (1 - failure) * masses->infinite;
  }
  return std::move(losses_);
}

}  // namespace understudy
