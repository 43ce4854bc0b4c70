// The ledger: the list of every look at a data set's records, kept with the data set, not with the run.
//
// One JSON object a line, appended under a lock and synced to disk before the look happens (docs/formats/ledger.md).
#pragma once

#include <functional>
#include <limits>
#include <string>
#include <vector>

namespace understudy {

struct Event {
  std::string kind;     // "load", "look", "declassify"
  std::string part;     // which subjects: "all", "train", "holdout"
  std::string purpose;  // what was computed, or the reason of a declassification
  std::string side;     // "inside", "outside"
  double epsilon = 0;   // what the event charges; infinity for a declassification
  double delta = 0;
  std::string when = {};  // UTC, filled in by the ledger
};

class Ledger {
 public:
  // Opens the file or creates it with its folder; ErrorKind::input when it is not a ledger or has a broken line.
  // `clock` gives the time of an event as UTC text; empty: events carry no time.
  explicit Ledger(std::string path, std::function<std::string()> clock = {});

  // Returns only when the event is on disk. Safe between processes. ErrorKind::input when the disk refuses.
  void append(Event event);
  std::vector<Event> events() const;  // as they are on disk now
  const std::string& path() const { return path_; }

 private:
  std::string path_;
  std::function<std::string()> clock_;
};

// Sum of the epsilons of all charged events.
double epsilon_spent(const std::vector<Event>& events);

}  // namespace understudy
