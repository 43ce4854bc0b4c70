// The ledger: the list of every look at a data set's records, kept with the data set, not with the run.
//
//   Ledger ledger("days.csv.ledger.jsonl");
//   ledger.declare({.epsilon = 3, .delta = 1e-6});       // once: what this data set may ever spend
//   ledger.reserve(plan);                                // before the first look; refused when it does not fit
//
// One JSON object a line, chained by hashes, appended under a lock and synced to disk before the look happens
// (docs/formats/ledger.md). Guarantee: everything that left through reserved plans together satisfies the declared
// limit for the declared unit and relation, however later plans were chosen (Gaussian-DP filter, docs/privacy/). A plan
// that was interrupted is a plan that was spent. Assumption: what left without a plan was declassified, and is listed.
// Tried to break by: ledger_test (two processes), tests/crash (kill -9 at random instants).
#pragma once

#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "understudy/privacy.h"

namespace understudy {

class Ranks;

// What a data set may ever spend.
struct Limit {
  double epsilon = 0;
  double delta = 0;
  std::string unit = "person";
  Neighbours neighbours = Neighbours::add_remove;

  bool operator==(const Limit&) const = default;
};

// One line of the ledger.
struct Event {
  std::string kind;     // "limit", "load", "look", "plan", "resume", "finish", "release", "declassify"
  std::string part;     // which subjects: "all", "train", "holdout"
  std::string purpose;  // what was computed, or the reason of a declassification
  std::string side;     // "inside", "outside"
  double epsilon = 0;   // a plan alone is (epsilon, delta)-private, `delta` being the limit's: these never add up,
  double delta = 0;     // costs do; infinity for a declassification, 0 for what stays inside
  std::string when = {};               // UTC, filled in by the ledger
  std::optional<Plan> plan = {};       // of a "plan", in the limit's relation
  GaussianCost cost = {};              // of a "plan": what the filter adds up
  std::optional<Limit> limit = {};     // of a "limit"
};

// Length and last hash: what a release quotes, so that a ledger that was cut back shows.
struct LedgerHead {
  std::int64_t length = 0;  // lines, the first (the salt) included
  std::string hash;         // of the last line; empty when there is none
};

// A plan that is paid for.
struct Reservation {
  std::string id;          // names the plan's line
  GaussianCost cost;
  bool finished = false;   // its result has left
};

class Ledger {
 public:
  // Reads the file if there is one: ErrorKind::input when it is not a ledger, has a broken line, or its chain of hashes
  // does not hold. File and folder are made by the first event. `clock` gives the time of an event as UTC text; empty:
  // events carry no time.
  explicit Ledger(std::string path, std::function<std::string()> clock = {});
  virtual ~Ledger() = default;
  // The processes whose ledger it is (privacy/shared_ledger.h); none: this one's alone.
  virtual Ranks* ranks() const { return nullptr; }

  // Lists a "load" or "look" that stays inside, or a "declassify"; plans and limits have doors of their own. Returns
  // only when the event is on disk. Safe between processes. ErrorKind::input when the disk refuses; ErrorKind::budget
  // for a declassification after a limit was declared.
  virtual void append(Event event);

  // Declares the limit, once. The same limit again changes nothing. ErrorKind::budget when another limit stands, or
  // something was declassified before; ErrorKind::usage for epsilon <= 0 or delta outside (0, 1).
  virtual void declare(const Limit& limit);
  std::optional<Limit> limit() const;

  // Spends the plan: checks it against what is left and writes it, as one step between processes. `part`: whose records
  // it looks at; parts of one data set share the limit. ErrorKind::budget with what is left when it does not fit, when
  // its relation cannot be converted, or when no limit was declared.
  virtual Reservation reserve(const Plan& plan, const std::string& part = "all");

  // Throws as `reserve` would for plans of this cost; writes nothing.
  void check_room(const std::string& purpose, const GaussianCost& cost) const;

  // An interrupted training goes on with the plan that it reserved: listed, not charged. ErrorKind::input when this
  // ledger has no such plan on `part` under `id`.
  virtual Reservation resume(const Plan& plan, const std::string& part, const std::string& id);
  // Lists that the one result of a plan leaves, before it does. The same again changes nothing; ErrorKind::budget for
  // another `digest`: of the branches that an interrupted training may have, one was paid for.
  virtual void finish(const std::string& part, const std::string& id, const std::string& digest);

  virtual std::vector<Event> events() const;  // as they are on disk now
  virtual LedgerHead head() const;
  // Whether the first `head.length` lines are the ones that `head` was taken from.
  virtual bool extends(const LedgerHead& head) const;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
  std::function<std::string()> clock_;
};

// What is spent: mu and delta of all plans, added up; mu is infinite once something was declassified.
GaussianCost spent(const std::vector<Event>& events);
// The filter of a limit: what mu and delta may add up to. A hundredth of the limit's delta is kept for the plans'
// own deltas (GaussianCost::delta), the rest gives mu.
GaussianCost allowed(const Limit& limit);
// The slack that a plan under this limit gets: a hundred plans fit.
double plan_slack(const Limit& limit);
// The epsilon of what was spent, at the limit's delta; infinity once something was declassified, 0 when nothing was
// spent.
double epsilon_spent(const std::vector<Event>& events);

}  // namespace understudy
