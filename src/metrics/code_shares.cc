#include "metrics/code_shares.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace understudy {
namespace {

constexpr std::size_t kNobody = std::numeric_limits<std::size_t>::max();
constexpr char kReference[] = "; the reference is what other real people score.";

using Shares = std::vector<double>;

double r_squared(const Shares& real, const Shares& made) {
  const double mean = mean_of(real);
  double residual = 0;
  double total = 0;
  for (std::size_t k = 0; k < real.size(); ++k) {
    residual += (real[k] - made[k]) * (real[k] - made[k]);
    total += (real[k] - mean) * (real[k] - mean);
  }
  constexpr double kRounding = 1e-24;
  return total > kRounding ? 1 - residual / total : kNotMeasured;
}

Shares differences(const Shares& real, const Shares& made) {
  Shares result(real.size());
  for (std::size_t k = 0; k < real.size(); ++k) result[k] = std::abs(real[k] - made[k]);
  return result;
}

double mean_difference(const Shares& real, const Shares& made) { return mean_of(differences(real, made)); }

double largest_difference(const Shares& real, const Shares& made) { return largest_of(differences(real, made)); }

template <class Statistic>
ColumnComparison compare_by(const ByRole<ShareTally>& tallies, const Statistic& statistic) {
  const auto between = [&](Role real, Role made, int replicate) {
    const ShareTally &first = tallies[real], &second = tallies[made];
    if (!first.has_chances(replicate) && !second.has_chances(replicate)) return kNotMeasured;
    return statistic(first.shares(replicate), second.shares(replicate));
  };
  ColumnComparison result;
  for (const Against against : {Against::holdout, Against::train}) {
    const Role other = against == Against::holdout ? Role::holdout : Role::train;
    const auto a = static_cast<std::size_t>(against);
    result.values[a] = between(other, Role::synthetic, ShareTally::kItself);
    for (int r = 0; r < tallies[other].replicates(); ++r) {
      result.replicates[a].push_back(between(other, Role::synthetic, r));
    }
  }
  result.reference = between(Role::holdout, Role::train, ShareTally::kItself);
  return result;
}

// R squared has no lower bound.
Estimate r2_estimate(const ColumnComparison& comparison) {
  constexpr auto kHoldout = static_cast<std::size_t>(Against::holdout);
  Estimate result = with_interval(comparison.values[kHoldout], comparison.replicates[kHoldout],
                                  -std::numeric_limits<double>::infinity(), 1);
  result.reference = comparison.reference;
  return result;
}

}  // namespace

Kept keep_most_frequent(std::span<const double> shares) {
  std::vector<std::size_t> keys;
  for (std::size_t key = 0; key < shares.size(); ++key) {
    if (shares[key] > 0) keys.push_back(key);
  }
  const auto before = [&](std::size_t a, std::size_t b) {
    return shares[a] != shares[b] ? shares[a] > shares[b] : a < b;
  };
  if (keys.size() > kMostCompared) {
    std::nth_element(keys.begin(), keys.begin() + kMostCompared, keys.end(), before);
    keys.resize(kMostCompared);
  }
  std::sort(keys.begin(), keys.end());
  Kept kept{std::vector<std::int32_t>(shares.size(), -1), keys.size()};
  for (std::size_t i = 0; i < keys.size(); ++i) kept.places[keys[i]] = static_cast<std::int32_t>(i);
  return kept;
}

ShareTally::ShareTally(std::size_t keys, const Resamples& resamples)
    : resamples_(&resamples), person_(kNobody), keys_(keys), weights_(lane(resamples.replicates()), 1),
      chances_(weights_.size()), counts_(keys * weights_.size()) {}

void ShareTally::chance(std::size_t person) {
  for (int r = 0; r < replicates() && person != person_; ++r) weights_[lane(r)] = resamples_->weights(r)[person];
  person_ = person;
  for (std::size_t i = 0; i < weights_.size(); ++i) chances_[i] += weights_[i];
}

void ShareTally::occurs(std::size_t place) {
  std::uint32_t* const counts = counts_.data() + place * weights_.size();
  const std::uint32_t* const weights = weights_.data();
  for (std::size_t i = 0; i < weights_.size(); ++i) counts[i] += weights[i];
}

std::vector<double> ShareTally::shares(int replicate) const {
  std::vector<double> result(keys_);
  if (!has_chances(replicate)) return result;
  const auto chances = static_cast<double>(chances_[lane(replicate)]);
  for (std::size_t k = 0; k < keys_; ++k) result[k] = counts_[k * weights_.size() + lane(replicate)] / chances;
  return result;
}

ShareComparison compare_tallies(const ByRole<ShareTally>& tallies) {
  return {compare_by(tallies, r_squared), compare_by(tallies, mean_difference),
          compare_by(tallies, largest_difference)};
}

std::vector<Finding> share_findings(const ShareComparison& comparison, const std::string& column,
                                    const std::string& name, const std::string& things, const std::string& absence) {
  const auto difference = [&](const ColumnComparison& by, const std::string& ending, const std::string& which) {
    return make_finding(name + ending, {column}, column_estimate(by, Against::holdout, 1), Better::lower,
                        which + " absolute difference between the synthetic and the holdout share of " + things +
                            "; 0 is equal" + kReference,
                        absence);
  };
  return {make_finding(name + "_r2", {column}, r2_estimate(comparison.r2), Better::higher,
                       "How much of the variation of the holdout shares of " + things +
                           " the synthetic shares explain (R squared); 1 is equal, 0 is no better than one share for "
                           "all" + kReference,
                       absence + ", or all that occurs is equally frequent in holdout people"),
          difference(comparison.mean, "_difference_mean", "Mean"),
          difference(comparison.worst, "_difference_worst", "Largest")};
}

FrequentCodes frequent_codes(const ByRole<CodeCells>& cells, std::size_t vocabulary) {
  const Kept kept = keep_most_frequent(summed_shares(cells, vocabulary, kWalkCodes));
  return {ByRole<CodeCells>([&](Role role) { return cells[role].renumbered(kept.places); }), kept.count};
}

}  // namespace understudy
