// The ledger of several processes that train together: rank 0 holds it, and the others get its answers and its errors.
//
//   SharedLedger ledger(path, context.clock, *context.ranks);   // at every rank
//   PrivateTraining training(Vault(cohort, ledger), plan, seed);   // reserved once, by rank 0
//
// All ranks call the same in the same order; what they pass counts at rank 0. ErrorKind::lost as Ranks.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "understudy/ledger.h"
#include "understudy/ranks.h"

namespace understudy {

class SharedLedger final : public Ledger {
 public:
  // `ranks` must outlive it. At the other ranks `path` is a name for messages.
  SharedLedger(const std::string& path, std::function<std::string()> clock, Ranks& ranks);
  Ranks* ranks() const override { return &ranks_; }

  void append(Event event) override;
  void declare(const Limit& limit) override;
  Reservation reserve(const Plan& plan, const std::string& part = "all") override;
  Reservation resume(const Plan& plan, const std::string& part, const std::string& id) override;
  void finish(const std::string& part, const std::string& id, const std::string& digest) override;
  std::vector<Event> events() const override;
  LedgerHead head() const override;
  bool extends(const LedgerHead& head) const override;

 private:
  Ranks& ranks_;
};

// SharedLedger where there are ranks, else a Ledger.
std::unique_ptr<Ledger> open_ledger(const std::string& path, std::function<std::string()> clock, Ranks* ranks);

}  // namespace understudy
