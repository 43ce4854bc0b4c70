#include "privacy/ledger_filter.h"

#include <algorithm>
#include <cmath>

namespace understudy {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// The share of the limit's delta that is kept for the deltas of plans, and the number of plans that it is for.
constexpr double kDeltaShare = 0.01;
constexpr double kPlans = 100;

// What is allowed lies below the limit by this much, and the filter lets sums go above what is allowed by as much: a
// plan that was calibrated to exactly what is allowed passes, however its sum is rounded, and the limit holds.
constexpr double kRounding = 1e-12;

double square(double value) { return value * value; }

}  // namespace

std::optional<Limit> limit_of(const std::vector<Event>& events) {
  for (const Event& event : events) {
    if (event.limit) return event.limit;
  }
  return std::nullopt;
}

GaussianCost allowed(const Limit& limit) {
  const double kept = kDeltaShare * limit.delta;
  return {.mu = gaussian_mu(limit.epsilon, limit.delta - kept) * (1 - kRounding), .delta = kept * (1 - kRounding)};
}

double plan_slack(const Limit& limit) { return allowed(limit).delta / kPlans; }

GaussianCost spent(const std::vector<Event>& events) {
  long double squares = 0, delta = 0;  // so that ten thousand small plans add up without an error that counts
  bool declassified = false;
  for (const Event& event : events) {
    declassified = declassified || event.kind == "declassify" || std::isinf(event.epsilon);
    squares += static_cast<long double>(event.cost.mu) * event.cost.mu;
    delta += event.cost.delta;
  }
  const double mu = declassified ? kInfinity : static_cast<double>(std::sqrt(squares));
  return {.mu = mu, .delta = static_cast<double>(delta)};
}

bool fits(const Limit& limit, const GaussianCost& spent, const GaussianCost& cost) {
  const GaussianCost most = allowed(limit);
  return square(spent.mu) + square(cost.mu) <= square(most.mu) * (1 + kRounding) &&
         spent.delta + cost.delta <= most.delta * (1 + kRounding);
}

GaussianCost remaining(const Limit& limit, const GaussianCost& spent) {
  const GaussianCost most = allowed(limit);
  const double squares = spent.mu < most.mu ? (most.mu - spent.mu) * (most.mu + spent.mu) : 0;
  return {.mu = std::sqrt(squares), .delta = std::max(0.0, most.delta - spent.delta)};
}

double epsilon_of(const Limit& limit, const GaussianCost& cost) {
  if (std::isinf(cost.mu) || !(cost.delta < limit.delta)) return kInfinity;
  return cost.mu == 0 ? 0 : gaussian_epsilon(cost.mu, limit.delta - cost.delta);
}

double epsilon_spent(const std::vector<Event>& events) {
  const GaussianCost cost = spent(events);
  if (cost.mu == 0 && cost.delta == 0) return 0;
  const auto limit = limit_of(events);
  return limit ? epsilon_of(*limit, cost) : kInfinity;
}

}  // namespace understudy
