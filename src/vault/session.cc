#include "vault/session.h"

#include <algorithm>
#include <map>

#include "privacy/noise/bounds.h"
#include "privacy/noise/coins.h"
#include "privacy/noise/gaussian_stream.h"
#include "privacy/noise/partition.h"
#include "privacy/noise/quantile.h"
#include "understudy/error.h"

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
    : vault_(vault), plan_(std::move(plan)), noise_(make_noise_source(seed)) {
  plan_.unit = unit_of(vault_.schema());
  cost_ = vault_.ledger_->reserve(plan_, vault_.name_);
}

void PrivateSession::take(const PrivacyEvent& event) {
  const auto differs = [&] {
    const PrivacyEvent& planned = plan_.events[next_];
    return planned.what != event.what || planned.kind != event.kind || planned.sensitivity != event.sensitivity ||
           planned.noise != event.noise || planned.epsilon != event.epsilon || planned.delta != event.delta ||
           planned.count != event.count || planned.rate != event.rate;
  };
  if (next_ >= plan_.events.size() || differs()) {
    fail(ErrorKind::internal, "plan '{}' has no look '{}' at this point", plan_.purpose, event.what);
  }
  ++next_;
}

std::int64_t PrivateSession::subjects() const { return vault_.is_blind() ? 0 : vault_.cohort_->size(); }

Released<std::int64_t> PrivateSession::count(const NoisyCount& mechanism) {
  take(mechanism.event());
  return released(subjects() + discrete_gaussian(*noise_, variance_of(mechanism.noise)));
}

Released<std::vector<std::int64_t>> PrivateSession::histogram(const NoisyHistogram& mechanism, const Ballot& ballot) {
  const PrivacyEvent event = mechanism.event();
  take(event);
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
  take(mechanism.event());
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
  take(mechanism.event());
  std::vector<double> values;
  for (std::int64_t s = 0; s < subjects(); ++s) values.push_back(value_of(subject(s)));
  const std::int64_t threshold = bounds_threshold(mechanism.bins, mechanism.scale, kFalseBin);
  return released(noisy_bounds(*noise_, values, mechanism.bins, mechanism.scale, threshold));
}

Released<std::vector<std::string>> PrivateSession::keys(const NoisyKeys& mechanism, const KeysOf& keys_of) {
  take(mechanism.event());
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

std::vector<std::int64_t> PrivateSession::by_coins(double rate) {
  constexpr double kParts = 0x1p53;
  const auto heads = static_cast<std::uint64_t>(rate * kParts);  // downwards: no more often than was paid for
  Coins coins(*noise_);
  std::vector<std::int64_t> chosen;
  for (std::int64_t s = 0; s < subjects(); ++s) {
    if (coins.bernoulli(heads, std::uint64_t{1} << 53)) chosen.push_back(s);
  }
  return chosen;
}

Released<std::vector<double>> PrivateSession::next_sum(const SampledSum& mechanism, std::int64_t& left, const AddSubjects& add) {
  if (left <= 0) fail(ErrorKind::internal, "plan '{}' has no further sum '{}'", plan_.purpose, mechanism.what);
  --left;
  std::vector<double> sum(static_cast<std::size_t>(mechanism.size));
  if (!vault_.is_blind()) add(by_coins(mechanism.rate), sum);
  GaussianStream(*noise_).add(sum, mechanism.multiplier * mechanism.bound);
  return released(std::move(sum));
}

Released<Cohort> PrivateSession::noised_records(const CellNoise& noise) {
  if (!vault_.public_size()) fail(ErrorKind::internal, "noise on every record needs a public number of subjects");
  for (const PrivacyEvent& event : cell_events(vault_.schema(), noise, 1)) take(event);
  const Cohort none = make_cohort(vault_.schema());
  return released(add_cell_noise(vault_.is_blind() ? none : *vault_.cohort_, *vault_.public_size(), noise, *noise_));
}

Released<Cohort> PrivateSession::noised_sample(const Inside<Cohort>& sample, const CellNoise& noise) {
  const Cohort& cohort = sample.value();
  for (const PrivacyEvent& event : cell_events(cohort.schema, noise, cohort.size())) take(event);
  const Cohort none = make_cohort(cohort.schema);
  return released(add_cell_noise(vault_.is_blind() ? none : cohort, cohort.size(), noise, *noise_));
}

}  // namespace understudy
