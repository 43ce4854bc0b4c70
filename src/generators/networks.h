// Parts that need torch live in a shared object of their own, libunderstudy_networks.so, so that everything else starts
// without it. It is opened when the first of them is made, and stays open.
//
// It is looked for beside the library (or program) that holds this code, in a lib folder next to that, then where the
// system looks. ErrorKind::usage with the cure when it cannot be opened, ErrorKind::internal when it lacks the part.
#pragma once

#include <memory>

#include "understudy/generator.h"
#include "understudy/learner.h"
#include "understudy/ranks.h"

namespace understudy {

// Calls `symbol`, an extern "C" function of the shared object that takes nothing and returns a new Generator.
std::unique_ptr<Generator> open_network_generator(const char* symbol);
std::unique_ptr<Learner> open_network_learner();
// Meets the other processes (nn/c10d_ranks.h): ErrorKind::lost when they do not come.
std::unique_ptr<Ranks> open_ranks(const Rendezvous& rendezvous);

}  // namespace understudy
