#include "understudy/vault.h"

#include <limits>

#include "understudy/error.h"

namespace understudy {

Vault::Vault(Cohort cohort, Ledger& ledger, std::string name)
    : Vault(std::make_shared<const Cohort>(std::move(cohort)), ledger, std::move(name)) {
  record({.kind = "load", .part = name_, .purpose = "read " + cohort_->schema.name, .side = "inside"});
}

Vault::Vault(std::shared_ptr<const Cohort> cohort, Ledger& ledger, std::string name)
    : cohort_(std::move(cohort)), ledger_(&ledger), name_(std::move(name)) {}

std::vector<Vault> Vault::split(std::span<const std::pair<std::string, double>> parts, const Rng& rng) const {
  record({.kind = "look", .part = name_, .purpose = "split the subjects", .side = "inside"});
  std::vector<double> shares;
  for (const auto& part : parts) shares.push_back(part.second);
  const auto subjects = split_subjects(*cohort_, shares, rng);
  std::vector<Vault> result;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    result.push_back(Vault(std::make_shared<const Cohort>(cohort_->select(subjects[i])), *ledger_, parts[i].first));
  }
  return result;
}

void Vault::record(const Event& event) const { ledger_->append(event); }

void Vault::record_declassified(std::string_view reason) const {
  if (reason.empty()) fail(ErrorKind::usage, "declassification needs a reason: one sentence that the statement quotes");
  record({.kind = "declassify", .part = name_, .purpose = std::string(reason), .side = "outside",
          .epsilon = std::numeric_limits<double>::infinity()});
}

}  // namespace understudy
