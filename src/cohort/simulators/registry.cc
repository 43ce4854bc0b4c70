#include <algorithm>
#include <vector>

#include "cohort/simulators/sines.h"
#include "cohort/simulators/ward.h"
#include "cohort/simulators/wearable.h"
#include "understudy/error.h"
#include "understudy/simulator.h"

namespace understudy {
namespace {

constexpr SimulatorEntry kSimulators[] = {
    {"wearable", "people with a wrist device: age, sex, BMI, and up to 28 days of steps, minutes, heart rate and sleep",
     wearable_schema, simulate_wearable},
    {"ward", "stays of up to 7 days in a hospital: vital signs, laboratory, treatment, death; sparse and irregular",
     ward_schema, simulate_ward},
    {"ward-b", "the same in another hospital: other patients, other habits of measuring, other devices", ward_b_schema,
     simulate_ward_b},
    {"sines", "TimeGAN's sines: 24 steps of 5 columns, each a sine of its own", sines_schema, simulate_sines},
};

}  // namespace

std::span<const SimulatorEntry> simulators() { return kSimulators; }

const SimulatorEntry& find_simulator(std::string_view name) {
  std::vector<std::string_view> known;
  for (const SimulatorEntry& entry : kSimulators) {
    if (entry.name == name) return entry;
    known.push_back(entry.name);
  }
  fail(ErrorKind::usage, "there is no simulator '{}'; known: {}", name, fmt::join(known, ", "));
}

}  // namespace understudy
