// The looks of a plan, one after the other: none that was not planned, none out of turn.
#pragma once

#include <cstddef>

#include "understudy/privacy.h"
#include "understudy/schema.h"

namespace understudy {

class PlannedLooks {
 public:
  // The plan is for the schema's unit, whatever it says.
  PlannedLooks(Plan plan, const Schema& schema);

  const Plan& plan() const { return plan_; }
  void take(const PrivacyEvent& event);  // ErrorKind::internal unless the plan's next event is this one

 private:
  Plan plan_;
  std::size_t next_ = 0;
};

}  // namespace understudy
