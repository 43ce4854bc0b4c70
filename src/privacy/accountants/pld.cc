#include "privacy/accountants/pld.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>

#include "privacy/accountants/gaussian_events.h"
#include "privacy/accountants/loss_pair.h"
#include "understudy/error.h"

namespace understudy {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kCoarsest = 1e-4;      // interval of a grid that is used for an epsilon of about 1
constexpr double kScout = 1e-3;         // interval of the grid that it is chosen on
constexpr double kFinest = 1e-12;       // of all
constexpr double kGridError = 1e-5;     // of an epsilon of about 1, that it is chosen for
constexpr double kMostCells = 1 << 20;  // of one use; a larger grid is made coarser

// One kind of use.
struct Part {
  std::unique_ptr<LossPair> pair;
  std::int64_t count;
  double failure;
};

struct Grid {
  double interval;
  std::vector<RepeatedLosses> losses;
};

std::unique_ptr<LossPair> pair_of(const PrivacyEvent& event) {
  if (is_gaussian(event)) {
    const double mu = proven_mu(event);
    return std::isfinite(mu) ? gaussian_pair(mu) : nullptr;
  }
  if (event.kind == EventKind::gaussian)
    return sampled_gaussian_pair(1 / event.multiplier(), event.rate, event.records);
  return make_loss_pair(event);
}

// All Gaussians without sampling are one: their mus add up in squares. Empty where a guarantee is missing.
std::vector<Part> parts_of(const Plan& plan) {
  std::vector<Part> parts;
  double squares = 0;
  for (const PrivacyEvent& event : plan.events) {
    if (is_gaussian(event) && event.delta == 0) {
      squares += static_cast<double>(event.count) * std::pow(proven_mu(event), 2);
      continue;
    }
    parts.push_back({pair_of(event), event.count, event.delta});
    if (!parts.back().pair) return {};
  }
  if (!std::isfinite(squares)) return {};
  if (squares > 0) parts.push_back({gaussian_pair(std::sqrt(squares)), 1, 0});
  return parts;
}

double uses_of(const std::vector<Part>& parts) {
  double total = 0;
  for (const Part& part : parts) total += static_cast<double>(part.count);
  return total;
}

// `tail` of the mass may go missing on either side of a use.
Grid discretise(const std::vector<Part>& parts, double interval, double tail) {
  for (const Part& part : parts) {
    const auto range = part.pair->range(tail);
    interval = std::max(interval, (range.high - range.low) / kMostCells);
  }
  Grid grid{interval, {}};
  for (const Part& part : parts) {
    grid.losses.push_back({part.pair->discretise(interval, tail, part.failure), part.count});
  }
  return grid;
}

// A grid on which rounding to it adds little to the variance of the composition.
Grid scout(const std::vector<Part>& parts, double uses, double tail) {
  for (double interval = kScout;; interval /= 16) {
    Grid grid = discretise(parts, interval, tail);
    const double variance = smallest_variance(grid.losses, grid.interval);
    if (grid.interval > interval || interval < kFinest || uses * interval * interval <= variance) return grid;
  }
}

// Two ends of a cell instead of a point inside add at most about interval^2 / 6 to the variance of each use, and half
// of that to its mean; epsilon is at most five standard deviations above the mean. Wide distributions give large
// epsilons, for which a little more error is allowed; narrow ones the other way round.
double choose_interval(double uses, const Grid& rough) {
  const double deviation = std::sqrt(smallest_variance(rough.losses, rough.interval));
  if (!(deviation > 0)) return kCoarsest;
  const double scale = std::clamp(deviation, 1.0, 5.0);
  const double error = kGridError * scale * std::min(1.0, 10 * deviation);
  return std::min(kCoarsest * scale, std::sqrt(12 * error / (uses * (1 + 5 / deviation))));
}

// Gaussians alone have a closed form.
bool all_gaussian(const Plan& plan) {
  return std::all_of(plan.events.begin(), plan.events.end(),
                     [](const PrivacyEvent& event) { return is_gaussian(event) && event.delta == 0; });
}

double gaussian_plan_epsilon(const Plan& plan, double delta) {
  double squares = 0;
  for (const PrivacyEvent& event : plan.events) {
    squares += static_cast<double>(event.count) * std::pow(proven_mu(event), 2);
  }
  return gaussian_epsilon(std::sqrt(squares), delta);
}

}  // namespace

std::optional<TwoWayCurves> plan_curves(const Plan& plan, double interval, double delta, double lost) {
  const std::vector<Part> parts = parts_of(plan);
  if (parts.empty()) return std::nullopt;
  const double uses = uses_of(parts), tail = lost / (4 * uses);
  const Grid rough = scout(parts, uses, tail);
  const TwoWayOutline shape = outline(rough.losses, rough.interval, delta, lost / 2);
  Grid grid = discretise(parts, interval > 0 ? interval : choose_interval(uses, rough), tail);
  while (points_needed(grid.losses, grid.interval, shape) > kMostPoints) {
    grid = discretise(parts, 2 * grid.interval, tail);
  }
  return compose(grid.losses, grid.interval, shape);
}

bool pld_supports(const PrivacyEvent&) { return true; }

double pld_epsilon(const Plan& plan, double delta, double interval) {
  const auto curves = plan_curves(plan, interval, delta, 1e-6 * delta);
  if (!curves) return kInfinity;
  return std::max(curves->remove.epsilon(delta), curves->add.epsilon(delta));
}

double pld_epsilon(const Plan& plan, double delta) {
  return all_gaussian(plan) ? gaussian_plan_epsilon(plan, delta) : pld_epsilon(plan, delta, 0);
}

}  // namespace understudy
