// The private doors of a vault. A plan is reserved on the ledger first; then its mechanisms are carried out one by one,
// in the plan's order, each with the noise that was paid for.
//
//   const NoisyHistogram ages{.what = "counts of age", .cells = 12, .noise = 4};
//   PrivateSession session(vault, {.purpose = "train independent", .events = {ages.event()}}, context.seed);
//   Released<std::vector<std::int64_t>> counts = session.histogram(ages, [](const Subject& s, Votes& votes) {
//     if (s.fixed(0)) votes.add(static_cast<std::int64_t>(*s.fixed(0)) / 10);
//   });
//
// Guarantee: all that the session returns, together, costs the plan, for the unit and relation of the plan; more or other
// looks than the plan's throw ErrorKind::internal. A session that ends early has spent its whole plan.
// Assumption: a contribution is a function of its subject alone. It sees no other subject, its size is bounded here, and
// what it writes elsewhere is not released; but the compiler does not stop it from remembering.
// Tried to break by: session_test (bounds), tests/falsify, blind runs of tests/conformance.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "privacy/noise/source.h"
#include "understudy/vault.h"
#include "vault/cell_noise.h"
#include "vault/mechanisms.h"
#include "vault/planned_looks.h"
#include "vault/subject.h"

namespace understudy {

// The votes that one subject's weight is dealt over, evenly: a cell voted for twice gets twice.
class Votes {
 public:
  void add(std::int64_t cell) {
    cells_.push_back(cell);
    ends_.push_back(cells_.size());
  }
  // One vote for several cells, each of which gets all of its weight; for no cell, its weight is nobody's. A histogram
  // counts each cell once, and the first NoisyHistogram::most of them.
  void add(std::span<const std::int32_t> cells) {
    cells_.insert(cells_.end(), cells.begin(), cells.end());
    ends_.push_back(cells_.size());
  }
  bool empty() const { return ends_.empty(); }  // of votes; a vote may be for no cell

 private:
  friend class PrivateSession;
  void clear() { cells_.clear(), ends_.clear(); }
  // Deals a subject's units over the votes: equal shares, what is left over to the first votes.
  void deal(std::int64_t most, std::span<std::int64_t> cells);
  std::vector<std::int64_t> cells_;
  std::vector<std::size_t> ends_;  // of each vote, in cells_
};

class PrivateSession {
 public:
  // Spends the plan, for the schema's unit (ErrorKind::budget when the ledger refuses; then nothing was looked at). `seed` matters in builds
  // with seeded noise alone.
  // Over several processes it belongs in at_rank_0 (understudy/ranks.h), ErrorKind::internal elsewhere: the others get what
  // it returned.
  PrivateSession(const Vault& vault, Plan plan, std::uint64_t seed);

  using Ballot = std::function<void(const Subject&, Votes&)>;
  using CellOf = std::function<std::int64_t(const Subject&)>;                       // -1: the subject has no value
  using ValueOf = std::function<double(const Subject&)>;                            // NaN: the subject has no value
  using KeysOf = std::function<void(const Subject&, std::vector<std::string>&)>;

  Released<std::int64_t> count(const NoisyCount& mechanism);
  // [cells] in units of kSubjectUnits; may be negative. Votes outside the cells are ErrorKind::internal.
  Released<std::vector<std::int64_t>> histogram(const NoisyHistogram& mechanism, const Ballot& ballot);
  // A cell in [0, cells).
  Released<std::int64_t> quantile(const NoisyQuantile& mechanism, const CellOf& cell_of);
  // None when no bin holds enough subjects.
  Released<std::optional<Bounds>> bounds(const NoisyBounds& mechanism, const ValueOf& value_of);
  // Ascending.
  Released<std::vector<std::string>> keys(const NoisyKeys& mechanism, const KeysOf& keys_of);

  // Every record through the mechanisms of vault/cell_noise.h: the plan must hold cell_events(schema, noise, 1), and the
  // vault a public size: that many records, null records where there are fewer.
  Released<Cohort> noised_records(const CellNoise& noise);
  // The same on a sample that is inside: the plan must hold cell_events(schema, noise, its number of subjects).
  Released<Cohort> noised_sample(const Inside<Cohort>& sample, const CellNoise& noise);

  const GaussianCost& cost() const { return cost_; }

 private:
  // The subjects that a door sees: none in a blind run.
  std::int64_t subjects() const;
  Subject subject(std::int64_t index) const { return Subject(*vault_.cohort_, index); }
  template <class T>
  static Released<T> released(T value) { return Released<T>(std::move(value)); }

  Vault vault_;
  PlannedLooks looks_;
  GaussianCost cost_;
  std::unique_ptr<NoiseSource> noise_;
};

}  // namespace understudy
