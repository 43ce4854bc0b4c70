// What private mechanisms cost, and the accountants that add it up.
//
//   Plan plan{.purpose = "train independent", .events = {
//       {.what = "counts of sex", .kind = EventKind::discrete_gaussian, .sensitivity = 1, .noise = 4}}};
//   double epsilon = find_accountant("pld").epsilon(plan, 1e-6);
//   GaussianCost cost = gaussian_cost(plan, 1e-9);      // what the ledger's filter adds up
//
// A plan is fixed before the first look: no number of it may depend on the data. Every accountant is pessimistic: it
// never returns less than the true cost, for either order of the two neighbouring data sets. Costs are stated in real
// arithmetic; the discrete kinds are sampled exactly (src/privacy/noise/).
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace understudy {

// Which two data sets must look alike. `zero_out`: a subject's record becomes the null record, the number of subjects
// is public.
enum class Neighbours { add_remove, replace_one, zero_out };
std::string_view to_string(Neighbours neighbours);       // "add-remove", "replace-one", "zero-out"
Neighbours parse_neighbours(std::string_view text);      // ErrorKind::usage with the known names

// What the guarantee of one use rests on.
enum class EventKind {
  gaussian,             // noise of standard deviation `noise` on a sum of L2 sensitivity `sensitivity`
  discrete_gaussian,    // the same on integers, parameter `noise` (Canonne, Kamath and Steinke 2020)
  laplace,              // noise of scale `noise` on a sum of L1 sensitivity `sensitivity`
  discrete_laplace,     // the same on integers: P(x) in proportion to exp(-|x| / noise)
  randomised_response,  // the truth with probability e^epsilon / (e^epsilon + choices - 1), else one of the others
  pure,                 // any other epsilon-DP mechanism: permute-and-flip, sparse vector
  bounded_range,        // the exponential mechanism: epsilon-bounded range (Durfee and Rogers 2019)
  no_guarantee,         // costs infinite epsilon
};
std::string_view to_string(EventKind kind);              // snake_case, as above

struct PrivacyEvent {
  std::string what;               // in public words: "counts of sex"; never a value of the data
  EventKind kind = EventKind::no_guarantee;
  double sensitivity = 1;         // of the sum that the noise is added to; > 0
  double noise = 0;               // gaussian kinds: standard deviation; laplace kinds: scale; > 0
  double epsilon = 0;             // randomised_response, pure, bounded_range: of one use; > 0
  std::int64_t choices = 2;       // randomised_response
  double rate = 1;                // in (0, 1]: subjects take part by independent coins of this probability; below 1
                                  // for `gaussian` only
  std::int64_t records = 1;       // above 1: each of a subject's at most so many records takes part by a coin of its own
                                  // (rate < 1), its gradient clipped to `sensitivity` alone
  double delta = 0;               // probability with which one use may fail altogether (thresholds)
  std::int64_t count = 1;         // number of uses, each with fresh noise

  double multiplier() const { return noise / sensitivity; }
};

struct Plan {
  std::string purpose;            // "train independent"
  std::string unit = "person";    // what a neighbouring data set differs by: "person", "stay" or "row"
  Neighbours neighbours = Neighbours::add_remove;
  std::vector<PrivacyEvent> events;

  // ErrorKind::internal naming the event and the field that is outside its range.
  void validate() const;
};

nlohmann::ordered_json to_json(const Plan& plan);
Plan plan_from_json(const nlohmann::ordered_json& json);         // ErrorKind::input when it is none
// The plan as dp-accounting's DpEvent tree, so that a third party can recompute.
nlohmann::ordered_json to_dp_event_json(const Plan& plan);

// The same plan under another relation. ErrorKind::budget where no theorem allows it (docs/privacy/relations.md):
//   add-remove -> zero-out      as it is: the null record adds nothing to a sum
//   add-remove -> replace-one   one removal and one addition: sensitivities and epsilons double; refused for rate < 1
//   replace-one -> zero-out     as it is: the null record is a record
//   zero-out -> replace-one     as add-remove -> replace-one
//   anything -> add-remove      refused, n was public
Plan convert(const Plan& plan, Neighbours to);

// What one plan may cost, for the unit and relation of the plan. Neither number has a default anywhere.
struct Budget {
  double epsilon = 0;
  double delta = 0;
};

struct AccountantEntry {
  std::string_view name;          // "pld", "rdp", "zcdp", "gdp"
  std::string_view summary;       // one sentence
  // Whether the accountant has a theorem for this event.
  bool (*supports)(const PrivacyEvent& event);
  // The smallest epsilon >= 0 it can prove at `delta` in (0, 1); infinity when it can prove none. ErrorKind::usage for
  // an event that it does not support.
  double (*epsilon)(const Plan& plan, double delta);
};
std::span<const AccountantEntry> accountants();
const AccountantEntry& find_accountant(std::string_view name);   // ErrorKind::usage with the known names

// Except with probability `delta`, the plan is mu-Gaussian-DP. Costs of plans that follow one another add up: mu in
// squares, delta in sums, also when a later plan depends on earlier answers (Smith and Thakurta 2022).
struct GaussianCost {
  double mu = 0;
  double delta = 0;
};
// Unlike `epsilon`, holds for every delta at once. Where the events have a proven mu (Gaussian kinds without sampling,
// pure, bounded range), that; otherwise the smallest mu whose curve lies above the plan's privacy-loss curve at every
// epsilon, up to `slack`. mu is infinite for a plan without guarantee.
GaussianCost gaussian_cost(const Plan& plan, double slack);

// The curve of mu-Gaussian-DP: delta(epsilon) = Phi(-epsilon / mu + mu / 2) - e^epsilon Phi(-epsilon / mu - mu / 2)
// (Balle and Wang 2018), to 1e-12 relative, without overflow.
double gaussian_delta(double mu, double epsilon);
double gaussian_epsilon(double mu, double delta);
double gaussian_mu(double epsilon, double delta);

// The smallest factor f in [low, high], to a relative `tolerance` from above, with cost(f) <= target; `cost` falls as f
// grows. ErrorKind::budget when cost(high) > target. Scales a plan's noise to a budget.
double calibrate(double low, double high, double target, double (*cost)(double factor, const void* state),
                 const void* state, double tolerance = 1e-6);
template <class F>
double calibrate(double low, double high, double target, const F& cost, double tolerance = 1e-6) {
  const auto call = [](double factor, const void* state) -> double { return (*static_cast<const F*>(state))(factor); };
  return calibrate(low, high, target, call, &cost, tolerance);
}

}  // namespace understudy
