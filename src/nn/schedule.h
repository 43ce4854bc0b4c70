// Learning rates over a training. A rate depends on the step and on the number of steps alone, so a training that went
// on after a stop has the rates of one that did not, and a training that is finished has finished its decay.
#pragma once

#include <cstdint>

namespace understudy::nn {

enum class Decay {
  constant,
  linear,  // in a straight line to 0
  cosine,  // along half a cosine to 0 (Loshchilov and Hutter 2017, arXiv:1608.03983, without restarts)
};

struct Schedule {
  double rate = 1e-3;              // the highest
  Decay decay = Decay::constant;   // after warm-up and hold
  double warmup = 0;               // share of the steps, in [0, 1), in which the rate rises in a straight line
  double hold = 0;                 // share of the steps, in [0, 1 - warmup), that then have the highest rate
};

// Of step `step` in [0, total): the last rate is one step before 0, so that no step is without effect. step = total gives
// where the decay ends. ErrorKind::internal for anything else.
double rate_at(const Schedule& schedule, std::int64_t step, std::int64_t total);

}  // namespace understudy::nn
