// Ranks over torch's c10d: a TCPStore at rank 0 where all meet, and Gloo between the processors. Sums are floats on the
// CPU, so Gloo carries them on machines with accelerators too.
#pragma once

#include <memory>

#include "understudy/ranks.h"

namespace understudy::nn {

// Returns when all ranks are there. ErrorKind::lost, with c10d's reason and the cure, when they are not within
// rendezvous.start_patience, and from every call in which they do not answer within step_patience; a rank whose process
// ended is noticed at once. ErrorKind::usage in a build without Gloo's headers.
std::unique_ptr<Ranks> join_ranks(const Rendezvous& rendezvous);

}  // namespace understudy::nn

// For src/generators/networks.h, which opens the shared object of the networks. The caller owns the ranks.
extern "C" understudy::Ranks* understudy_open_ranks(const understudy::Rendezvous& rendezvous);
