#include "privacy/accountants/rdp.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "privacy/accountants/gaussian_events.h"

namespace understudy {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// The orders that other accountants use by default.
std::vector<double> orders() {
  std::vector<double> result;
  for (int tenths = 11; tenths < 110; ++tenths) result.push_back(tenths / 10.0);
  for (int order = 11; order < 64; ++order) result.push_back(order);
  for (const double order : {128.0, 256.0, 512.0, 1024.0}) result.push_back(order);
  return result;
}

double log_add(double a, double b) {
  if (a < b) std::swap(a, b);
  return b == -kInfinity ? a : a + std::log1p(std::exp(b - a));
}

// Whole orders: sum of C(a, k) (1 - q)^(a - k) q^k e^(k (k - 1) / (2 sigma^2)) (Mironov, Talwar and Zhang 2019).
double log_moment_of_whole_order(double sigma, double rate, double order) {
  double sum = -kInfinity;
  for (double k = 0; k <= order; ++k) {
    const double choose = std::lgamma(order + 1) - std::lgamma(k + 1) - std::lgamma(order - k + 1);
    sum =
        log_add(sum, choose + (order - k) * std::log1p(-rate) + k * std::log(rate) + k * (k - 1) / (2 * sigma * sigma));
  }
  return sum;
}

// Other orders: the integral of N(0, sigma^2) (1 - q + q e^((2 x - 1) / (2 sigma^2)))^a by the trapezoidal rule, which
// converges exponentially for analytic integrands. Nearest singularities lie pi sigma^2 off the real line.
double log_moment_by_integral(double sigma, double rate, double order) {
  const double variance = sigma * sigma, step = std::min(sigma, variance) / 8;
  const double reach = 14 * sigma;
  double sum = -kInfinity;
  for (double x = -reach; x <= order + reach; x += step) {
    const double loss = log_add(std::log1p(-rate), std::log(rate) + (x - 0.5) / variance);
    sum = log_add(sum, order * loss - x * x / (2 * variance));
  }
  return sum + std::log(step / sigma) - 0.91893853320467274178;
}

double sampled_gaussian(const PrivacyEvent& event, double order) {
  const double sigma = event.multiplier();
  const double log_moment = order == std::floor(order) ? log_moment_of_whole_order(sigma, event.rate, order)
                                                       : log_moment_by_integral(sigma, event.rate, order);
  // Both are right to about 1e-12.
  return (std::max(0.0, log_moment) + 1e-12 * (1 + std::abs(log_moment))) / (order - 1);
}

double laplace(double epsilon, double order) {
  const double first = std::log(order / (2 * order - 1)) + (order - 1) * epsilon;
  const double second = std::log((order - 1) / (2 * order - 1)) - order * epsilon;
  return log_add(first, second) / (order - 1);
}

double randomised_response(double epsilon, double choices, double order) {
  const double log_total = epsilon + std::log1p((choices - 1) * std::exp(-epsilon));
  double sum = log_add(order * epsilon, (1 - order) * epsilon);
  if (choices > 2) sum = log_add(sum, std::log(choices - 2));
  return (sum - log_total) / (order - 1);
}

}  // namespace

double renyi_divergence(const PrivacyEvent& event, double order) {
  if (is_gaussian(event)) return order * std::pow(proven_mu(event), 2) / 2;
  switch (event.kind) {
    case EventKind::gaussian:
      return sampled_gaussian(event, order);
    case EventKind::laplace:
      return laplace(1 / event.multiplier(), order);
    case EventKind::randomised_response:
      return randomised_response(event.epsilon, static_cast<double>(event.choices), order);
    case EventKind::bounded_range:
      return order * event.epsilon * event.epsilon / 8;
    case EventKind::pure:
    case EventKind::discrete_laplace:
      return randomised_response(pure_epsilon(event), 2, order);
    default:
      return kInfinity;
  }
}

// Of several records no closed form is known here.
bool rdp_supports(const PrivacyEvent& event) { return event.rate == 1 || event.records == 1; }

double rdp_epsilon(const Plan& plan, double delta) {
  const double failure = total_failure(plan);
  if (!(failure < delta)) return kInfinity;
  const double rest = (delta - failure) / (1 - failure);
  double best = kInfinity;
  for (const double order : orders()) {
    double divergence = 0;
    for (const PrivacyEvent& event : plan.events) {
      divergence += static_cast<double>(event.count) * renyi_divergence(event, order);
    }
    if (!std::isfinite(divergence)) continue;
    // Canonne, Kamath and Steinke 2020, proposition 12.
    best = std::min(best, divergence + std::log1p(-1 / order) - (std::log(rest) + std::log(order)) / (order - 1));
  }
  return plan.events.empty() ? 0 : std::max(0.0, best);
}

}  // namespace understudy
