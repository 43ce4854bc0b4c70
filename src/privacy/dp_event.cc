// Plans as dp-accounting's DpEvent trees: each node is the object form of what DpEvent.to_named_tuple() gives, with
// module_name, class_name and the fields of the class. docs/privacy/accounting.md has the lines that read it back.
#include <cmath>

#include "privacy/accountants/gaussian_events.h"
#include "understudy/privacy.h"

namespace understudy {
namespace {

using nlohmann::ordered_json;

ordered_json node(std::string_view name, const ordered_json& fields) {
  ordered_json result = {{"module_name", "dp_accounting.dp_event"}, {"class_name", name}};
  result.update(fields);
  return result;
}

ordered_json gaussian(double multiplier) { return node("GaussianDpEvent", {{"noise_multiplier", multiplier}}); }

// Each of `records` takes part by its own coin: a binomial mixture of shifts.
ordered_json mixture(const PrivacyEvent& event) {
  ordered_json shifts = ordered_json::array(), weights = ordered_json::array();
  const auto n = static_cast<double>(event.records);
  for (std::int64_t i = 0; i <= event.records; ++i) {
    const auto k = static_cast<double>(i);
    const double choose = std::lgamma(n + 1) - std::lgamma(k + 1) - std::lgamma(n - k + 1);
    shifts.push_back(k);
    weights.push_back(std::exp(choose + k * std::log(event.rate) + (n - k) * std::log1p(-event.rate)));
  }
  return node("MixtureOfGaussiansDpEvent",
              {{"standard_deviation", event.multiplier()}, {"sensitivities", shifts}, {"sampling_probs", weights}});
}

ordered_json sampled_gaussian(const PrivacyEvent& event) {
  if (event.rate == 1) return gaussian(event.multiplier() / static_cast<double>(event.records));
  if (event.records > 1) return mixture(event);
  return node("PoissonSampledDpEvent", {{"sampling_probability", event.rate}, {"event", gaussian(event.multiplier())}});
}

// Theirs tells the truth with probability 1 - p + p / buckets.
ordered_json response(double epsilon, std::int64_t choices) {
  const auto k = static_cast<double>(choices);
  const double other = std::exp(-epsilon) / (1 + (k - 1) * std::exp(-epsilon));
  return node("RandomizedResponseDpEvent", {{"noise_parameter", k * other}, {"num_buckets", choices}});
}

ordered_json one_use(const PrivacyEvent& event) {
  if (event.delta > 0) return node("UnsupportedDpEvent", ordered_json::object());  // they have no class for it
  switch (event.kind) {
    case EventKind::gaussian:
      return sampled_gaussian(event);
    case EventKind::discrete_gaussian:
      return gaussian(1 / proven_mu(event));
    case EventKind::laplace:
      return node("LaplaceDpEvent", {{"noise_multiplier", event.multiplier()}});
    case EventKind::discrete_laplace:
      return node("DiscreteLaplaceDpEvent", {{"noise_parameter", 1 / event.noise},
                                             {"sensitivity", static_cast<std::int64_t>(std::ceil(event.sensitivity))}});
    case EventKind::randomised_response:
      return response(event.epsilon, event.choices);
    case EventKind::pure:
      return response(event.epsilon, 2);
    case EventKind::bounded_range:
      return node("ZCDpEvent", {{"rho", event.epsilon * event.epsilon / 8}, {"xi", 0.0}});
    case EventKind::no_guarantee:
      break;
  }
  return node("NonPrivateDpEvent", ordered_json::object());
}

}  // namespace

ordered_json to_dp_event_json(const Plan& plan) {
  ordered_json events = ordered_json::array();
  for (const PrivacyEvent& event : plan.events) {
    ordered_json use = one_use(event);
    events.push_back(event.count == 1 ? use : node("SelfComposedDpEvent", {{"event", use}, {"count", event.count}}));
  }
  return node("ComposedDpEvent", {{"events", events}});
}

}  // namespace understudy
