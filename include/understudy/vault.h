// The vault: the only holder of raw records. Each door writes an event in the ledger before it opens and says on which
// side its result lies.
//
//   Vault vault = Vault::open(ledger, "read fitbit", [&] { return read_cohort(...); });
//   Inside<Model> model = vault.look("train independent", [&](const Cohort& cohort) { return ...; });
//   Released<Model> out = vault.declassify(std::move(model), "public demo data, consent on file");
//
// The private doors are in src/vault/session.h and private_training.h: they are paid for by a plan, and what they return is Released.
//
// Guarantee: writers of releases take Released<T> only (tests/compile_fail). Inside results are listed in the ledger,
// not charged. declassify costs infinite epsilon.
// Assumption: a look's function returns what it was asked for; it does not smuggle records into captured variables.
#pragma once

#include <memory>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "understudy/cohort.h"
#include "understudy/ledger.h"

namespace understudy {

class Vault;
class PrivateSession;
class PrivateTraining;

// A value that depends on raw records and was not paid for. It stays in the building.
template <class T>
class Inside {
 public:
  const T& value() const& { return value_; }
  T&& value() && { return std::move(value_); }
  // What follows from an inside value is inside.
  template <class F>
  auto then(F&& f) const -> Inside<std::invoke_result_t<F, const T&>> {
    return Inside<std::invoke_result_t<F, const T&>>(f(value_));
  }

 private:
  friend class Vault;
  template <class U> friend class Inside;
  explicit Inside(T value) : value_(std::move(value)) {}
  T value_;
};

// A value that may leave: public knowledge, paid for on the ledger, or declassified.
template <class T>
class Released {
 public:
  const T& value() const& { return value_; }
  T&& value() && { return std::move(value_); }
  // Several released values as one.
  static Released<std::vector<T>> all(std::vector<Released<T>> parts) {
    std::vector<T> values;
    for (Released<T>& part : parts) values.push_back(std::move(part.value_));
    return Released<std::vector<T>>(std::move(values));
  }
  // Post-processing: what follows from released values alone is released. `f` must not look at inside values.
  template <class F>
  auto then(F&& f) const -> Released<std::invoke_result_t<F, const T&>> {
    return Released<std::invoke_result_t<F, const T&>>(f(value_));
  }

 private:
  friend class Vault;
  friend class PrivateSession;
  friend class PrivateTraining;
  template <class U> friend class Released;
  explicit Released(T value) : value_(std::move(value)) {}
  T value_;
};

class Vault {
 public:
  // Lists the load, then calls `read` for the records: what cannot be listed is not read. `name` says which subjects
  // these are; `ledger` must outlive the vault.
  template <class Read>
  static Vault open(Ledger& ledger, std::string_view purpose, Read&& read, std::string name = "all") {
    ledger.append({.kind = "load", .part = name, .purpose = std::string(purpose), .side = "inside"});
    return Vault(std::make_shared<const Cohort>(read()), ledger, std::move(name));
  }
  // Of a cohort that is in memory already; listing the load is the vault's first event.
  Vault(Cohort cohort, Ledger& ledger, std::string name = "all");

  const Schema& schema() const { return cohort_->schema; }
  const std::string& name() const { return name_; }
  // How many subjects the schema says there are, of a part its share; none: private.
  std::optional<std::int64_t> public_size() const { return public_size_; }

  // The inside door. `purpose` says in a few words what is computed: "train gan", "KSComplement".
  template <class F>
  auto look(std::string_view purpose, F&& f) const -> Inside<std::invoke_result_t<F, const Cohort&>> {
    check_not_blind(purpose);
    record({.kind = "look", .part = name_, .purpose = std::string(purpose), .side = "inside"});
    return Inside<std::invoke_result_t<F, const Cohort&>>(f(*cohort_));
  }

  // Turns an inside value into one that may leave, at infinite epsilon. `reason` is a sentence that the statement
  // quotes; ErrorKind::usage when it is empty.
  template <class T>
  Released<T> declassify(Inside<T> inside, std::string_view reason) const {
    record_declassified(reason);
    return Released<T>(std::move(inside.value_));
  }

  // A released value that is kept in a file, so that an interrupted run can go on without paying again. note_released
  // lists the file's digest; readmit gives `load()` as released when the ledger has that digest (ErrorKind::input else).
  template <class T>
  void note_released(const Released<T>&, std::string_view digest) const { record_release(digest); }
  template <class F>
  auto readmit(std::string_view digest, F&& load) const -> Released<std::invoke_result_t<F>> {
    check_released(digest);
    return Released<std::invoke_result_t<F>>(load());
  }

  // Deals the subjects into vaults by share (see split_subjects), named as given; the same ledger. A look at the
  // subjects' keys, and listed as one.
  std::vector<Vault> split(std::span<const std::pair<std::string, double>> parts, const Rng& rng) const;
  // The same, each subject by a coin of its own: adding a subject moves no other. What a private run needs.
  std::vector<Vault> split_by_coins(std::span<const std::pair<std::string, double>> parts, const Rng& rng) const;

  // Whether plans that cost so much together would be accepted now: ErrorKind::budget when they would not. For purposes of
  // several plans, so that none is paid for in vain.
  void check_budget(std::string_view purpose, const GaussianCost& cost) const;

  // This vault with every record in the terms of another schema with the same columns and types: numbers clamped to its
  // bounds, categories found again by their text (missing where they are none of its categories). Works subject by
  // subject; nothing leaves.
  Vault recoded(const Schema& schema) const;

  // The same vault with its eyes shut: private doors give their noise alone, other looks are refused
  // (ErrorKind::internal). Two different cohorts must then give the same model, or something was looked at that was not
  // paid for. Builds with seeded noise only (ErrorKind::internal elsewhere).
  Vault blinded() const;
  bool is_blind() const { return blind_; }

 private:
  friend class PrivateSession;
  friend class PrivateTraining;
  Vault(std::shared_ptr<const Cohort> cohort, Ledger& ledger, std::string name);
  void record(const Event& event) const;
  void record_declassified(std::string_view reason) const;
  void record_release(std::string_view digest) const;
  void check_released(std::string_view digest) const;
  void check_not_blind(std::string_view purpose) const;
  std::vector<Vault> deal(std::span<const std::pair<std::string, double>> parts,
                          const std::vector<std::vector<std::int64_t>>& subjects) const;

  std::shared_ptr<const Cohort> cohort_;
  Ledger* ledger_;
  std::string name_;
  std::optional<std::int64_t> public_size_;
  bool blind_ = false;
};

}  // namespace understudy
