#include "vault/session.h"

#include <algorithm>
#include <map>

#include "privacy/noise/bounds.h"
#include "privacy/noise/partition.h"
#include "privacy/noise/quantile.h"
#include "understudy/error.h"
#include "understudy/ranks.h"

namespace understudy {
namespace {

constexpr double kFalseBin = 1e-3;  // chance that an empty bin looks full: accuracy, not privacy

// The variance of integer noise of a standard deviation, rounded up.
Ratio variance_of(double deviation) { return ratio_above(deviation * deviation); }

}  // namespace

void Votes::deal(std::int64_t most, std::span<std::int64_t> cells) {
  if (ends_.empty()) return;
  const auto count = static_cast<std::int64_t>(ends_.size());
  const std::int64_t share = kSubjectUnits / count;
  const std::int64_t left_over = kSubjectUnits % count;
  auto first = cells_.begin();
  for (std::int64_t i = 0; i < count; ++i) {
    const auto end = cells_.begin() + static_cast<std::ptrdiff_t>(ends_[static_cast<std::size_t>(i)]);
    std::sort(first, end);
    const auto last = first + std::min<std::ptrdiff_t>(std::unique(first, end) - first, most);
    for (; first != last; ++first) {
      if (*first < 0 || *first >= static_cast<std::int64_t>(cells.size())) {
        fail(ErrorKind::internal, "a subject voted for a cell outside the histogram's {}", cells.size());
      }
      cells[static_cast<std::size_t>(*first)] += share + (i < left_over ? 1 : 0);
    }
    first = end;
  }
}

PrivateSession::PrivateSession(const Vault& vault, Plan plan, std::uint64_t seed)
    : vault_(vault), looks_(std::move(plan), vault.schema()), noise_(make_noise_source(seed)) {
  const Ranks* ranks = vault_.ledger_->ranks();
  if (ranks != nullptr && !ranks->works_alone()) {
    fail(ErrorKind::internal, "plan '{}' is carried out at every rank, each with noise of its own; it belongs in at_rank_0",
         looks_.plan().purpose);
  }
  cost_ = vault_.ledger_->reserve(looks_.plan(), vault_.name_).cost;
}

std::int64_t PrivateSession::subjects() const { return vault_.is_blind() ? 0 : vault_.cohort_->size(); }

Released<std::int64_t> PrivateSession::count(const NoisyCount& mechanism) {
  looks_.take(mechanism.event());
  return released(subjects() + discrete_gaussian(*noise_, variance_of(mechanism.noise)));
}

Released<std::vector<std::int64_t>> PrivateSession::histogram(const NoisyHistogram& mechanism, const Ballot& ballot) {
  const PrivacyEvent event = mechanism.event();
  looks_.take(event);
  std::vector<std::int64_t> cells(static_cast<std::size_t>(mechanism.cells));
  discrete_gaussian(*noise_, variance_of(event.noise), cells);
  Votes votes;
  for (std::int64_t s = 0; s < subjects(); ++s) {
    votes.clear();
    ballot(subject(s), votes);
    votes.deal(mechanism.most, cells);
  }
  return released(std::move(cells));
}

Released<std::int64_t> PrivateSession::quantile(const NoisyQuantile& mechanism, const CellOf& cell_of) {
  looks_.take(mechanism.event());
  std::vector<std::uint64_t> values;
  for (std::int64_t s = 0; s < subjects(); ++s) {
    const std::int64_t cell = cell_of(subject(s));
    if (cell >= 0) values.push_back(static_cast<std::uint64_t>(std::min(cell, mechanism.cells - 1)));
  }
  std::sort(values.begin(), values.end());
  const auto cells = static_cast<std::uint64_t>(mechanism.cells);
  return released(static_cast<std::int64_t>(
      understudy::quantile(*noise_, values, cells, mechanism.share, mechanism.epsilon)));
}

Released<std::optional<Bounds>> PrivateSession::bounds(const NoisyBounds& mechanism, const ValueOf& value_of) {
  looks_.take(mechanism.event());
  std::vector<double> values;
  for (std::int64_t s = 0; s < subjects(); ++s) values.push_back(value_of(subject(s)));
  const std::int64_t threshold = bounds_threshold(mechanism.bins, mechanism.scale, kFalseBin);
  return released(noisy_bounds(*noise_, values, mechanism.bins, mechanism.scale, threshold));
}

Released<std::vector<std::string>> PrivateSession::keys(const NoisyKeys& mechanism, const KeysOf& keys_of) {
  looks_.take(mechanism.event());
  std::map<std::string, std::int64_t> counts;
  std::vector<std::string> mine;
  for (std::int64_t s = 0; s < subjects(); ++s) {
    mine.clear();
    keys_of(subject(s), mine);
    std::sort(mine.begin(), mine.end());
    mine.erase(std::unique(mine.begin(), mine.end()), mine.end());
    mine.resize(std::min(mine.size(), static_cast<std::size_t>(mechanism.most)));
    for (const std::string& key : mine) ++counts[key];
  }
  std::vector<KeyCount> counted;
  for (const auto& [key, count] : counts) counted.push_back({key, count});
  const Ratio variance = variance_of(mechanism.noise);
  const auto [threshold, delta] = partition_threshold(variance, {.keys = mechanism.most}, mechanism.delta);
  std::vector<std::string> named;
  for (const KeyCount& key : select_keys(*noise_, std::move(counted), variance, threshold)) named.push_back(key.key);
  return released(std::move(named));
}

Released<Cohort> PrivateSession::noised_records(const CellNoise& noise) {
  if (!vault_.public_size()) fail(ErrorKind::internal, "noise on every record needs a public number of subjects");
  for (const PrivacyEvent& event : cell_events(vault_.schema(), noise, 1)) looks_.take(event);
  const Cohort none = make_cohort(vault_.schema());
  return released(add_cell_noise(vault_.is_blind() ? none : *vault_.cohort_, *vault_.public_size(), noise, *noise_));
}

Released<Cohort> PrivateSession::noised_sample(const Inside<Cohort>& sample, const CellNoise& noise) {
  const Cohort& cohort = sample.value();
  for (const PrivacyEvent& event : cell_events(cohort.schema, noise, cohort.size())) looks_.take(event);
  const Cohort none = make_cohort(cohort.schema);
  return released(add_cell_noise(vault_.is_blind() ? none : cohort, cohort.size(), noise, *noise_));
}

}  // namespace understudy
