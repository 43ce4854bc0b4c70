#include "privacy/accountants/gaussian_events.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "privacy/accountants/discrete_gaussian.h"
#include "privacy/accountants/normal.h"

namespace understudy {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// The mu whose trade-off curve passes through (c, c), for log c.
double symmetric_mu(double log_c) { return 2 * upper_normal_quantile(log_c); }

double log_cosh(double x) { return std::abs(x) + std::log1p(std::exp(-2 * std::abs(x))) - std::log(2.0); }

// c = 1 / (1 + e^epsilon).
double pure_mu(double epsilon) { return symmetric_mu(-epsilon - std::log1p(std::exp(-epsilon))); }

// The trade-off curve has one vertex up to symmetry, at (1, choices - 1) / (e^epsilon + choices - 1).
double response_mu(double epsilon, double choices) {
  const double log_total = epsilon + std::log1p((choices - 1) * std::exp(-epsilon));
  const double others = std::log(choices - 1) - log_total;
  return upper_normal_quantile(-log_total) + upper_normal_quantile(std::min(others, -1e-300));
}

double mu_of_kind(const PrivacyEvent& event) {
  switch (event.kind) {
    case EventKind::gaussian:
      return event.rate < 1 ? kInfinity : static_cast<double>(event.records) / event.multiplier();
    case EventKind::discrete_gaussian:
      return event.sensitivity * discrete_gaussian_mu(event.noise);
    case EventKind::laplace:  // c = e^(-epsilon / 2) / 2
      return symmetric_mu(-0.5 / event.multiplier() - std::log(2.0));
    case EventKind::discrete_laplace:  // c = e^(-epsilon / 2) / (2 cosh(1 / (2 noise)))
      return symmetric_mu(-std::ceil(event.sensitivity) / (2 * event.noise) - std::log(2.0) -
                          log_cosh(0.5 / event.noise));
    case EventKind::randomised_response:
      return response_mu(event.epsilon, static_cast<double>(event.choices));
    case EventKind::pure:
      return pure_mu(event.epsilon);
    case EventKind::bounded_range:  // worst when the loss is centred: +-epsilon / 2
      return pure_mu(event.epsilon / 2);
    case EventKind::no_guarantee:
      break;
  }
  return kInfinity;
}

}  // namespace

double pure_epsilon(const PrivacyEvent& event) {
  switch (event.kind) {
    case EventKind::laplace:
      return 1 / event.multiplier();
    case EventKind::discrete_laplace:
      return std::ceil(event.sensitivity) / event.noise;
    case EventKind::randomised_response:
    case EventKind::pure:
    case EventKind::bounded_range:
      return event.epsilon;
    default:
      return kInfinity;
  }
}

bool is_gaussian(const PrivacyEvent& event) {
  return event.kind == EventKind::discrete_gaussian || (event.kind == EventKind::gaussian && event.rate == 1);
}

// Rounded up: the closed forms are right to about 1e-14.
double proven_mu(const PrivacyEvent& event) { return mu_of_kind(event) * (1 + 1e-13); }

double total_failure(const Plan& plan) {
  double total = 0;
  for (const PrivacyEvent& event : plan.events) total += static_cast<double>(event.count) * event.delta;
  return total;
}

}  // namespace understudy
