// The learner of understudy/learner.h with torch.
//
// A fit runs on one thread and draws from streams of its context's seed alone, so that it gives the same bytes however
// many of them run at once.
#pragma once

#include <memory>

#include "understudy/learner.h"

namespace understudy::nn {

std::unique_ptr<Learner> make_recurrent_learner();

}  // namespace understudy::nn

// For src/generators/networks.h, which opens the shared object of the networks. The caller owns the learner.
extern "C" understudy::Learner* understudy_make_learner();
