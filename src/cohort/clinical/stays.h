// The stays of a folder that count: one for each person, and what is known of the person then.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cohort/clinical/folder.h"
#include "cohort/readers/problems.h"

namespace understudy {

constexpr std::int64_t kNoMinute = INT64_MIN;

// SQL: whole minutes since the start, downwards.
std::string since_start(std::string_view time, std::string_view start);

struct Stays {
  // By row of the table `chosen` (columns of the layout's stays, and `row`); minutes since the stay's start.
  std::vector<std::string> subjects;
  std::vector<std::int64_t> stop, earliest, latest;  // kNoMinute: not known
  std::int64_t unusable = 0;                         // stays without a person or a start
  std::int64_t further = 0;                          // usable stays of people whose first one counts
  std::vector<std::int64_t> rank;                    // place of each row's person in the order of the cohort

  std::int64_t people() const { return static_cast<std::int64_t>(subjects.size()); }
};

// Makes the table `chosen`: the first stay of each person. ErrorKind::input when there is none.
Stays choose_stays(Folder& folder, const Layout& layout, const std::string& path, const Context& context);

// Fills the static columns that `chosen` has, by name, in the order of the cohort; returns the names of the others.
std::vector<std::string> fill_attributes(Folder& folder, const Stays& stays, const std::string& path,
                                         const ReadOptions& options, Cohort& cohort, std::vector<FileScan>& files,
                                         Problems& problems);

}  // namespace understudy
