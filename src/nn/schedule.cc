#include "nn/schedule.h"

#include <cmath>
#include <numbers>

#include "understudy/error.h"

namespace understudy::nn {
namespace {

// What is left of the rate when a share x of the decay is done.
double left(Decay decay, double x) {
  switch (decay) {
    case Decay::constant: return 1;
    case Decay::linear: return 1 - x;
    case Decay::cosine: return (1 + std::cos(std::numbers::pi * x)) / 2;
  }
  fail(ErrorKind::internal, "a decay of kind {}", static_cast<int>(decay));
}

}  // namespace

double rate_at(const Schedule& schedule, std::int64_t step, std::int64_t total) {
  const bool shares = schedule.warmup >= 0 && schedule.hold >= 0 && schedule.warmup + schedule.hold < 1;
  if (step < 0 || step > total || !shares) {
    fail(ErrorKind::internal, "the rate of step {} of {} with a warm-up of {} and a hold of {}", step, total, schedule.warmup,
         schedule.hold);
  }
  const auto steps = static_cast<double>(total), at = static_cast<double>(step);
  const double rising = std::floor(schedule.warmup * steps), held = rising + std::floor(schedule.hold * steps);
  if (at < rising) return schedule.rate * (at + 1) / (rising + 1);
  if (at < held) return schedule.rate;
  return schedule.rate * left(schedule.decay, steps > held ? (at - held) / (steps - held) : 1);
}

}  // namespace understudy::nn
