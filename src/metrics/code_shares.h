// How often things occur in a codes column (a code, a pair of codes, a code after another one), compared between the
// three cohorts.
//
// What is counted is said by a walk: walk(cells, chance, occurs) calls chance(person) for each place where things may
// occur, such as a cell, and occurs(key) for each that does. The share of a key is its occurrences per chance; a cohort
// without a chance has the share 0 of everything. Compared are the kMostCompared keys with the largest shares in the
// three cohorts together, so that time and memory stay bounded and a key that only one of them knows counts as well. A
// pass over a cohort counts under all resamples of its people at once. Counts are integers: no order changes them.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "metrics/code_cells.h"
#include "metrics/compare.h"

namespace understudy {

inline constexpr std::size_t kMostCompared = 2000;

// Which keys are compared: the place of each among them, ascending, or -1.
struct Kept {
  std::vector<std::int32_t> places;
  std::size_t count = 0;
};
Kept keep_most_frequent(std::span<const double> shares);

// Occurrences of kept keys in one cohort, under its own weights and under each resample.
class ShareTally {
 public:
  ShareTally(std::size_t keys, const Resamples& resamples);
  void chance(std::size_t person);
  void occurs(std::size_t place);  // with the person of the last chance

  static constexpr int kItself = -1;
  int replicates() const { return resamples_->replicates(); }
  bool has_chances(int replicate) const { return chances_[lane(replicate)] > 0; }
  std::vector<double> shares(int replicate) const;

 private:
  static std::size_t lane(int replicate) { return static_cast<std::size_t>(replicate + 1); }

  const Resamples* resamples_;
  std::size_t person_;
  std::size_t keys_;
  std::vector<std::uint32_t> weights_;  // of the person: [lanes]
  std::vector<std::uint64_t> chances_;  // [lanes]
  std::vector<std::uint32_t> counts_;   // [keys x lanes]
};

// R squared of the other cohort's shares as predictions of the real ones (NaN where these are all the same), and the
// mean and largest absolute difference. All are NaN where no key is compared or neither cohort has a chance.
struct ShareComparison {
  ColumnComparison r2, mean, worst;
};
ShareComparison compare_tallies(const ByRole<ShareTally>& tallies);

// Findings NAME_r2, NAME_difference_mean and NAME_difference_worst. `things`: "cells with each code".
std::vector<Finding> share_findings(const ShareComparison& comparison, const std::string& column,
                                    const std::string& name, const std::string& things, const std::string& absence);

// Shares of all keys, summed over the three cohorts.
template <class Walk>
std::vector<double> summed_shares(const ByRole<CodeCells>& cells, std::size_t keys, const Walk& walk) {
  std::vector<double> sum(keys);
  for (const Role role : kRoles) {
    std::vector<std::uint32_t> counts(keys);
    double chances = 0;
    walk(cells[role], [&](std::size_t) { chances += 1; }, [&](std::size_t key) { counts[key] += 1; });
    for (std::size_t key = 0; key < keys && chances > 0; ++key) sum[key] += counts[key] / chances;
  }
  return sum;
}

template <class Walk>
ByRole<ShareTally> tally_shares(const ByRole<CodeCells>& cells, const Kept& kept, const ByRole<Resamples>& resamples,
                                const Walk& walk) {
  return ByRole<ShareTally>([&](Role role) {
    ShareTally tally(kept.count, resamples[role]);
    walk(cells[role], [&](std::size_t person) { tally.chance(person); },
         [&](std::size_t key) {
           if (kept.places[key] >= 0) tally.occurs(static_cast<std::size_t>(kept.places[key]));
         });
    return tally;
  });
}

// Of keys below `keys`.
template <class Walk>
ShareComparison compare_shares(const ByRole<CodeCells>& cells, std::size_t keys, const ByRole<Resamples>& resamples,
                               const Walk& walk) {
  const Kept kept = keep_most_frequent(summed_shares(cells, keys, walk));
  return compare_tallies(tally_shares(cells, kept, resamples, walk));
}

// Each cell is a chance for each of its codes.
inline constexpr auto kWalkCodes = [](const CodeCells& cells, const auto& chance, const auto& occurs) {
  for (std::size_t cell = 0; cell < cells.size(); ++cell) {
    chance(cells.person(cell));
    for (const std::int32_t code : cells.codes(cell)) occurs(static_cast<std::size_t>(code));
  }
};

// The cells with the kMostCompared most frequent codes alone, by their places among them.
struct FrequentCodes {
  ByRole<CodeCells> cells;
  std::size_t count;
};
FrequentCodes frequent_codes(const ByRole<CodeCells>& cells, std::size_t vocabulary);

// find(spec, cells, resamples) for each of the columns, on the context's threads; all findings in their order.
template <class Find>
std::vector<Finding> findings_of_columns(const Evaluation& evaluation, const Context& context,
                                         const std::vector<ColumnSpec>& specs, const Find& find) {
  if (specs.empty()) return {};
  const auto views = views_of(evaluation);
  const auto resamples = resamples_of(evaluation, context);
  std::vector<std::vector<Finding>> by_column(specs.size());
  parallel_for(static_cast<std::int64_t>(specs.size()), context.threads, [&](std::int64_t i) {
    context.check_cancelled();
    const auto at = static_cast<std::size_t>(i);
    const ByRole cells([&](Role role) { return CodeCells(views[role], specs[at]); });
    by_column[at] = find(specs[at], cells, resamples);
  });
  std::vector<Finding> all;
  for (auto& findings : by_column) all.insert(all.end(), findings.begin(), findings.end());
  return all;
}

}  // namespace understudy
