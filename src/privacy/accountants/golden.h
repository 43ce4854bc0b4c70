// Numbers of tests/golden/accounting.json for the tests of this room.
#pragma once

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "understudy/privacy.h"

namespace understudy {

// A section with its rows; the file names the source of each.
inline nlohmann::json golden_section(const std::string& name) {
  std::ifstream file(std::string(UNDERSTUDY_GOLDEN) + "/accounting.json");
  return nlohmann::json::parse(file).at(name);
}

inline nlohmann::json golden_rows(const std::string& name) { return golden_section(name).at("rows"); }

inline Plan plan_of(PrivacyEvent event) {
  event.what = "tested";
  return {.purpose = "test", .events = {std::move(event)}};
}

inline PrivacyEvent sampled_gaussian(double sigma, double rate, std::int64_t steps, std::int64_t records = 1) {
  return {
      .what = "steps", .kind = EventKind::gaussian, .noise = sigma, .rate = rate, .records = records, .count = steps};
}

}  // namespace understudy
