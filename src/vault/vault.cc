#include "understudy/vault.h"

#include <cmath>
#include <limits>

#include "privacy/noise/source.h"
#include "understudy/error.h"

namespace understudy {

Vault::Vault(Cohort cohort, Ledger& ledger, std::string name)
    : Vault(std::make_shared<const Cohort>(std::move(cohort)), ledger, std::move(name)) {
  record({.kind = "load", .part = name_, .purpose = "read " + cohort_->schema.name, .side = "inside"});
}

Vault::Vault(std::shared_ptr<const Cohort> cohort, Ledger& ledger, std::string name)
    : cohort_(std::move(cohort)), ledger_(&ledger), name_(std::move(name)), public_size_(cohort_->schema.subjects) {}

std::vector<Vault> Vault::deal(std::span<const std::pair<std::string, double>> parts,
                               const std::vector<std::vector<std::int64_t>>& subjects) const {
  std::vector<Vault> result;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    Vault part(std::make_shared<const Cohort>(cohort_->select(subjects[i])), *ledger_, parts[i].first);
    if (public_size_) part.public_size_ = std::llround(parts[i].second * static_cast<double>(*public_size_));
    result.push_back(std::move(part));
  }
  return result;
}

std::vector<Vault> Vault::split(std::span<const std::pair<std::string, double>> parts, const Rng& rng) const {
  record({.kind = "look", .part = name_, .purpose = "split the subjects", .side = "inside"});
  std::vector<double> shares;
  for (const auto& part : parts) shares.push_back(part.second);
  return deal(parts, split_subjects(*cohort_, shares, rng));
}

std::vector<Vault> Vault::split_by_coins(std::span<const std::pair<std::string, double>> parts, const Rng& rng) const {
  record({.kind = "look", .part = name_, .purpose = "split the subjects by coins", .side = "inside"});
  std::vector<std::vector<std::int64_t>> subjects(parts.size());
  for (std::int64_t s = 0; s < cohort_->size(); ++s) {
    double coin = rng.stream(cohort_->subjects[static_cast<std::size_t>(s)]).uniform();
    for (std::size_t i = 0; i < parts.size(); coin -= parts[i++].second) {
      if (coin >= parts[i].second) continue;
      subjects[i].push_back(s);
      break;
    }
  }
  return deal(parts, subjects);
}

Vault Vault::recoded(const Schema& schema) const {
  Vault result = *this;
  result.cohort_ = std::make_shared<const Cohort>(recode(*cohort_, schema));
  return result;
}

Vault Vault::blinded() const {
  if (!noise_is_seeded()) fail(ErrorKind::internal, "blind vaults exist in builds with seeded noise only");
  Vault result = *this;
  result.blind_ = true;
  return result;
}

void Vault::check_not_blind(std::string_view purpose) const {
  if (blind_) fail(ErrorKind::internal, "a blind run looked at the records: '{}'", purpose);
}

void Vault::record_release(std::string_view digest) const {
  record({.kind = "release", .part = name_, .purpose = std::string(digest), .side = "outside"});
}

void Vault::check_released(std::string_view digest) const {
  for (const Event& event : ledger_->events()) {
    if (event.kind == "release" && event.part == name_ && event.purpose == digest) return;
  }
  fail(ErrorKind::input, "the ledger '{}' does not know the model of this interrupted run; remove its folder and start again",
       ledger_->path());
}

void Vault::check_budget(std::string_view purpose, const GaussianCost& cost) const {
  ledger_->check_room(std::string(purpose), cost);
}

void Vault::record(const Event& event) const { ledger_->append(event); }

void Vault::record_declassified(std::string_view reason) const {
  if (reason.empty()) fail(ErrorKind::usage, "declassification needs a reason: one sentence that the statement quotes");
  record({.kind = "declassify", .part = name_, .purpose = std::string(reason), .side = "outside",
          .epsilon = std::numeric_limits<double>::infinity()});
}

}  // namespace understudy
