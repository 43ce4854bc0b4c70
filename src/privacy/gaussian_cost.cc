// The cost of a plan in Gaussian differential privacy, for the filter across plans. Proofs: docs/privacy/filter.md.
#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <vector>

#include "privacy/accountants/gaussian_events.h"
#include "privacy/accountants/normal.h"
#include "privacy/accountants/pld.h"
#include "understudy/error.h"

namespace understudy {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kSlackForTruncation = 1e-4;  // share of the slack that truncation may use

// Bounds on the plan's curve at epsilon = index * interval, the larger of both directions; the last is at infinity.
struct Bounds {
  double interval;
  std::vector<double> values;
};

// Point by point. The last value of the shorter list bounds all that follow, because curves fall.
template <class Choose>
void merge(std::vector<double>& values, const std::vector<double>& others, const Choose& choose) {
  values.resize(std::max(values.size(), others.size()), values.back());
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = choose(values[i], others[std::min(i, others.size() - 1)]);
  }
}

double larger(double a, double b) { return std::max(a, b); }
double smaller(double a, double b) { return std::min(a, b); }

Bounds bounds_of(const TwoWayCurves& curves) {
  Bounds bounds{curves.remove.interval, curves.remove.bounds()};
  merge(bounds.values, curves.add.bounds(), larger);
  return bounds;
}

// The middle of the distribution without tilt, its tail with one: both bound the same curve.
std::optional<Bounds> plan_bounds(const Plan& plan, double slack) {
  const double lost = kSlackForTruncation * slack;
  const auto middle = plan_curves(plan, 0, 1, lost);
  if (!middle) return std::nullopt;
  Bounds bounds = bounds_of(*middle);
  const auto tail = plan_curves(plan, bounds.interval, slack, lost);
  if (tail && tail->remove.interval == bounds.interval) merge(bounds.values, bounds_of(*tail).values, smaller);
  return bounds;
}

// gaussian_delta by its plain formula, rounded down: quick, and right to 1e-14 of its first term.
double quick_delta(double mu, double epsilon) {
  if (epsilon > 600) return gaussian_delta(mu, epsilon) * (1 - 1e-12);  // e^epsilon would overflow
  const double x = epsilon / mu, h = mu / 2;
  const double first = normal_survival(x - h);
  return std::max(0.0, first - std::exp(epsilon) * normal_survival(x + h) - 1e-13 * first);
}

// Whether slack + (1 - slack) delta_mu lies above the chord of the bounds on both sides of a grid point. delta_mu is
// convex in w = e^epsilon with second derivative density(epsilon / mu + mu / 2) / (mu w), falling for epsilon >= 0: on
// a step it lies at most (step of w)^2 / 8 times that below its own chord.
bool covers(double mu, double slack, double interval, std::size_t index, double bound) {
  if (bound <= slack) return true;
  const double epsilon = static_cast<double>(index) * interval;
  const double left = std::max(0.0, epsilon - interval), step = std::expm1(interval);
  double sag = std::max(normal_density(left / mu - mu / 2), normal_density(epsilon / mu - mu / 2)) / mu;
  if (left < mu * mu / 2 && mu * mu / 2 < epsilon) sag = normal_density(0) / mu;
  sag *= step * step / 8;
  return slack + (1 - slack) * (quick_delta(mu, epsilon) - sag) >= bound;
}

// The smallest mu whose curve covers all bounds, to 1e-7 from above.
double covering_mu(const Bounds& bounds, double slack) {
  if (bounds.values.back() > slack) return kInfinity;
  double mu = 1e-6;
  const auto raise_at = [&](std::size_t index) {
    const double bound = bounds.values[index];
    if (covers(mu, slack, bounds.interval, index, bound)) return false;
    double low = mu, high = mu;
    while (!covers(high, slack, bounds.interval, index, bound)) {
      if (high > 1e4) return mu = kInfinity, true;
      high *= 2;
    }
    while (high > low * (1 + 1e-8)) {
      const double middle = std::sqrt(low * high);
      (covers(middle, slack, bounds.interval, index, bound) ? high : low) = middle;
    }
    mu = high * (1 + 1e-7);
    return true;
  };
  const std::size_t n = bounds.values.size() - 1;
  for (std::size_t i = 0; i < n; i += 64) raise_at(i);  // a rough pass first, so that the fine one rarely raises
  for (bool raised = true; raised && std::isfinite(mu);) {
    raised = false;
    for (std::size_t i = 0; i < n && std::isfinite(mu); ++i) raised |= raise_at(i);
  }
  return mu;
}

double sampled_mu(const Plan& sampled, double slack) {
  const auto bounds = plan_bounds(sampled, slack);
  return bounds ? covering_mu(*bounds, slack) : kInfinity;
}

}  // namespace

GaussianCost gaussian_cost(const Plan& plan, double slack) {
  plan.validate();
  Plan sampled = plan;
  sampled.events.clear();
  double squares = 0;
  for (PrivacyEvent event : plan.events) {
    if (event.kind == EventKind::gaussian && event.rate < 1) {
      event.delta = 0;
      sampled.events.push_back(event);
    } else {
      squares += static_cast<double>(event.count) * std::pow(proven_mu(event), 2);
    }
  }
  GaussianCost cost{.mu = 0, .delta = total_failure(plan)};
  if (!sampled.events.empty()) {
    if (!(slack > 0 && slack < 1)) {
      fail(ErrorKind::usage, "slack is {}; a plan that samples subjects needs one between 0 and 1", slack);
    }
    squares += std::pow(sampled_mu(sampled, slack), 2);
    cost.delta += slack;
  }
  cost.mu = std::sqrt(squares) * (1 + 1e-15);
  if (!(cost.delta < 1)) cost.mu = kInfinity, cost.delta = 1;
  return cost;
}

}  // namespace understudy
