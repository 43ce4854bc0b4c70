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
  if (step < 0 || step > total || !(schedule.warmup >= 0 && schedule.warmup < 1)) {
    fail(ErrorKind::internal, "the rate of step {} of {} with a warm-up of {}", step, total, schedule.warmup);
  }
  const double rising = std::floor(schedule.warmup * static_cast<double>(total)), at = static_cast<double>(step);
  if (at < rising) return schedule.rate * (at + 1) / (rising + 1);
  const double falling = static_cast<double>(total) - rising;
  return schedule.rate * left(schedule.decay, falling > 0 ? (at - rising) / falling : 1);
}

}  // namespace understudy::nn
