// A finding: one number with its interval, its reference value and its plain-language meaning. What metrics and
// attacks return, what report.json holds (docs/formats/report.md), what the report shows.
#pragma once

#include <limits>
#include <string>
#include <vector>

namespace understudy {

enum class Better { lower, higher, neither };

struct Finding {
  std::string name;                      // "KSComplement", "near_copies"; peers' names where they exist
  std::vector<std::string> columns;      // what it speaks of; empty: the whole table
  double value = std::numeric_limits<double>::quiet_NaN();      // NaN: could not be measured; `meaning` says why
  double low = std::numeric_limits<double>::quiet_NaN();        // 95 % interval, NaN when there is none
  double high = std::numeric_limits<double>::quiet_NaN();
  double reference = std::numeric_limits<double>::quiet_NaN();  // the honest floor: what real data scores
  Better better = Better::neither;
  std::string meaning;                   // one sentence
};

}  // namespace understudy
