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
  // `subjects` people of an endless line of them, from number `first` on: the same seed gives the same people with any number
  // of threads, and part by part the same as all at once. `first` is a multiple of kSimulatedPart.
  Cohort (*simulate)(std::int64_t subjects, const Context& context, std::int64_t first);
};
inline constexpr std::int64_t kSimulatedPart = 1024;

std::span<const SimulatorEntry> simulators();
const SimulatorEntry& find_simulator(std::string_view name);  // ErrorKind::usage with the known names

}  // namespace understudy
