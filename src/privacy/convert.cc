// Plans under another relation of neighbours. Proofs: docs/privacy/relations.md.
#include <cmath>

#include "understudy/error.h"
#include "understudy/privacy.h"

namespace understudy {
namespace {

[[noreturn]] void refuse(const Plan& plan, Neighbours to, std::string_view why) {
  fail(ErrorKind::budget, "plan '{}' is stated for {} and cannot be stated for {}: {}", plan.purpose,
       to_string(plan.neighbours), to_string(to), why);
}

// One step there and one back. For a chance of failure only pure events have a theorem: delta (1 + e^epsilon).
PrivacyEvent two_steps(PrivacyEvent event, const Plan& plan, Neighbours to) {
  if (event.rate < 1) refuse(plan, to, fmt::format("'{}' samples subjects at rate {}", event.what, event.rate));
  const bool failing = event.delta > 0 && event.kind != EventKind::no_guarantee;
  if (failing && event.kind != EventKind::pure) {
    refuse(plan, to, fmt::format("'{}' has a delta of {} in each use", event.what, event.delta));
  }
  if (failing) event.delta *= 1 + std::exp(event.epsilon);
  if (event.delta >= 1) event.kind = EventKind::no_guarantee, event.delta = 0;
  // Two steps of randomised response need not look like one of twice the epsilon; they are pure.
  if (event.kind == EventKind::randomised_response) event.kind = EventKind::pure, event.choices = 2;
  event.sensitivity *= 2;
  event.epsilon *= 2;
  return event;
}

}  // namespace

Plan convert(const Plan& plan, Neighbours to) {
  plan.validate();
  Plan result = plan;
  result.neighbours = to;
  if (to == plan.neighbours) return result;
  if (to == Neighbours::add_remove) refuse(plan, to, "it takes the number of subjects as public");
  if (to == Neighbours::replace_one) {
    for (PrivacyEvent& event : result.events) event = two_steps(event, plan, to);
  }
  result.validate();
  return result;
}

}  // namespace understudy
