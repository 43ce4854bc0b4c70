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

  // The sums of one mechanism. `Data` is what contributions are made from: it depends on the records, stays in here, and
  // is never made in a blind run.
  template <class Data>
  class Sums {
   public:
    // Adds the contributions of these subjects to `sum`; they may be none.
    using Contribute = std::function<void(const Data& data, std::span<const std::int64_t> subjects, std::span<double> sum)>;
    // ErrorKind::internal after the last sum of the plan.
    Released<std::vector<double>> next(const Contribute& contribute) {
      return session_->next_sum(mechanism_, left_, [&](std::span<const std::int64_t> subjects, std::span<double> sum) {
        contribute(*data_, subjects, sum);
      });
    }
    std::int64_t left() const { return left_; }

   private:
    friend class PrivateSession;
    Sums(PrivateSession& session, SampledSum mechanism, std::optional<Data> data)
        : session_(&session), mechanism_(std::move(mechanism)), data_(std::move(data)), left_(mechanism_.count) {}
    PrivateSession* session_;
    SampledSum mechanism_;
    std::optional<Data> data_;
    std::int64_t left_;
  };
  // `prepare` turns each record into what its contribution is made from, subject by subject. The session must outlive what
  // it returns. Assumption: `contribute` adds to the sum for each subject a vector of norm at most mechanism.bound that
  // depends on that subject alone.
  template <class Data>
  Sums<Data> sums(const SampledSum& mechanism, const std::function<Data(const Cohort&)>& prepare) {
    take(mechanism.event());
    return Sums<Data>(*this, mechanism, vault_.is_blind() ? std::nullopt : std::optional<Data>(prepare(*vault_.cohort_)));
  }

  const GaussianCost& cost() const { return cost_; }

 private:
  void take(const PrivacyEvent& event);  // the plan's next event must be this one
  using AddSubjects = std::function<void(std::span<const std::int64_t> subjects, std::span<double> sum)>;
  Released<std::vector<double>> next_sum(const SampledSum& mechanism, std::int64_t& left, const AddSubjects& add);
  std::vector<std::int64_t> by_coins(double rate);  // the subjects that take part
  // The subjects that a door sees: none in a blind run.
  std::int64_t subjects() const;
  Subject subject(std::int64_t index) const { return Subject(*vault_.cohort_, index); }
  template <class T>
  static Released<T> released(T value) { return Released<T>(std::move(value)); }

  Vault vault_;
  Plan plan_;
  GaussianCost cost_;
  std::unique_ptr<NoiseSource> noise_;
  std::size_t next_ = 0;
};

}  // namespace understudy
