// Cohorts of people who do not exist, with known ground truth: what a fresh clone, the tests and the benchmarks run on.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "understudy/cohort.h"
#include "understudy/context.h"

namespace understudy {

struct SimulatorEntry {
  std::string_view name;
  std::string_view summary;
  Schema (*schema)();
  // The same context seed gives the same cohort with any number of threads.
  Cohort (*simulate)(std::int64_t subjects, const Context& context);
};

std::span<const SimulatorEntry> simulators();
const SimulatorEntry& find_simulator(std::string_view name);  // ErrorKind::usage with the known names

}  // namespace understudy
