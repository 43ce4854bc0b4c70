#include "vault/planned_looks.h"

#include "understudy/error.h"

namespace understudy {

PlannedLooks::PlannedLooks(Plan plan, const Schema& schema) : plan_(std::move(plan)) { plan_.unit = unit_of(schema); }

void PlannedLooks::take(const PrivacyEvent& event) {
  const auto differs = [&] {
    const PrivacyEvent& planned = plan_.events[next_];
    return planned.what != event.what || planned.kind != event.kind || planned.sensitivity != event.sensitivity ||
           planned.noise != event.noise || planned.epsilon != event.epsilon || planned.delta != event.delta ||
           planned.count != event.count || planned.rate != event.rate;
  };
  if (next_ >= plan_.events.size() || differs()) {
    fail(ErrorKind::internal, "plan '{}' has no look '{}' at this point", plan_.purpose, event.what);
  }
  ++next_;
}

}  // namespace understudy
