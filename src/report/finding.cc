// A finding as report.json holds it.
#include <cmath>

#include "understudy/report.h"

namespace understudy {
namespace {

// JSON has no NaN and no infinity; a number that could not be measured is null and `meaning` says why.
nlohmann::ordered_json number(double value) {
  if (!std::isfinite(value)) return nullptr;
  return value;
}

const char* better_name(Better better) {
  switch (better) {
    case Better::lower:
      return "lower";
    case Better::higher:
      return "higher";
    case Better::neither:
      break;
  }
  return "neither";
}

}  // namespace

nlohmann::ordered_json to_json(const Finding& finding) {
  return {{"name", finding.name},
          {"columns", finding.columns},
          {"value", number(finding.value)},
          {"low", number(finding.low)},
          {"high", number(finding.high)},
          {"reference", number(finding.reference)},
          {"better", better_name(finding.better)},
          {"meaning", finding.meaning}};
}

}  // namespace understudy
