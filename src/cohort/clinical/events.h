// The measurements of a folder: found by item, converted, checked, and sorted into the cells of the cohort.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "cohort/clinical/concepts.h"
#include "cohort/clinical/measured.h"
#include "cohort/clinical/stays.h"
#include "cohort/clinical/window.h"

namespace understudy {

// A column of the cohort that measurements fill.
struct MeasuredColumn {
  ColumnSpec spec;
  const Concept* variable = nullptr;  // nullptr: items are called like the column
  bool is_static = false;
  Aggregate aggregate = Aggregate::median;
};

// What was wrong with measurements, and how often.
class MeasurementProblems {
 public:
  struct Place {
    std::int64_t person;  // in the order of the cohort
    std::int64_t visit;   // among the person's, from 0; -1: the cohort is not by visits
    std::int64_t minute;  // kNoMinute: no time
    std::string value;
    auto operator<=>(const Place&) const = default;
  };
  void add(const std::string& file, const std::string& column, const std::string& what, const Place& place);
  void leave_out(const std::string& file, const std::string& what, std::int64_t count);
  void repeat(const std::string& column, std::int64_t count, std::vector<Place> places);
  // As Problems::settle.
  void settle(const std::vector<std::string>& subjects, const ReadOptions& options, ReadReport& report) const;

 private:
  struct Entry {
    std::int64_t count = 0;
    std::vector<Place> places;  // the lowest
  };
  using Key = std::tuple<std::string, std::string, std::string>;  // file, column, what
  std::map<Key, Entry> entries_;
  std::map<std::pair<std::string, std::string>, std::int64_t> left_out_;
  std::map<std::string, Entry> repeated_;
};

// Reads every event source that has an item of one of the columns. Column indices of the two stores are places in
// `columns`; the minutes of `statics` count from the start of the window. By visits, the minutes of both count through:
// visit k starts at k times the window's step. Returns the number of events that were looked at.
std::int64_t read_events(Folder& folder, const Layout& layout, const Stays& stays, const Window& window,
                         const std::vector<MeasuredColumn>& columns, const Context& context, Measured& series,
                         Measured& statics, MeasurementProblems& problems);

// Number of items that the layout's sources can have for the columns; at least 1.
std::int64_t item_count(const Layout& layout, const std::vector<MeasuredColumn>& columns);

}  // namespace understudy
