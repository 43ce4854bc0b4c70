// The stays of a folder that count: the first of each person, or all visits; and what is known of the person then.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cohort/clinical/folder.h"
#include "cohort/clinical/window.h"
#include "cohort/readers/problems.h"

namespace understudy {

constexpr std::int64_t kNoMinute = INT64_MIN;

// SQL: whether what a person owns, e, falls into the visit c. Where visits meet or overlap a measurement belongs to the later
// one, a code, which is written when a visit ends, to the earlier one.
constexpr std::string_view kMeasuredInVisit =
    "c.subject = e.subject AND e.at >= c.start AND e.at <= coalesce(c.stop, e.at) AND e.at < coalesce(c.next_start, e.at + 1)";
constexpr std::string_view kCodedInVisit =
    "c.subject = e.subject AND e.at >= c.start AND e.at <= coalesce(c.stop, e.at) AND e.at > coalesce(c.previous_stop, e.at - 1)";

// SQL: whole minutes since the start, downwards.
std::string since_start(std::string_view time, std::string_view start);

struct Stays {
  std::vector<std::string> people;                   // keys, in the order of the cohort
  // By row of the table `chosen` (columns of the layout's stays or visits, `row`, `visit_number`,
  // `days_since_previous`, and `previous_stop` and `next_start` on the clock of the stay); minutes since the stay's start.
  std::vector<std::int64_t> person, visit;           // place in `people`; number among the person's visits
  std::vector<std::int64_t> stop, earliest, latest;  // kNoMinute: not known
  std::int64_t unusable = 0;                         // stays without a person or a start
  std::int64_t further = 0;                          // usable ones beyond those that count
  std::vector<std::int64_t> order;                   // rows of the table by person, then visit

  std::int64_t rows() const { return static_cast<std::int64_t>(person.size()); }
};

// Whether all stays of a person count time on one clock, so that days_since_previous is known.
bool has_one_clock(const Layout& layout);

// Makes the table `chosen`: the first stay of each person; or, of a window by visits, the first window.visits of each.
// ErrorKind::input when there is none.
Stays choose_stays(Folder& folder, const Layout& layout, const Window& window, const std::string& path, const Context& context);

// Fills the columns of `table` that `chosen` has, by name, from these rows of it; returns the names of the others.
std::vector<std::string> fill_attributes(Folder& folder, const std::vector<std::int64_t>& rows, const std::string& path,
                                         const ReadOptions& options, const std::vector<ColumnSpec>& specs, Table& table,
                                         std::vector<FileScan>& files, Problems& problems);

}  // namespace understudy
