#include "metrics/discriminative_score.h"

#include <algorithm>
#include <cmath>

#include "metrics/windows.h"

namespace understudy {
namespace {

constexpr std::int64_t kFolds = 5;
constexpr std::int64_t kSteps = 600;

// People of the first `count` windows.
std::int64_t people_of(const Windows& windows, std::int64_t count) {
  return count == 0 ? 0 : std::int64_t{windows.owners()[static_cast<std::size_t>(count) - 1]} + 1;
}

// The first `count` windows of real people and of others, dealt into folds by their people.
struct Contest {
  Contest(const Windows& first, const Windows& second, std::int64_t windows)
      : real(first),
        other(second),
        count(windows),
        folds(std::min({kFolds, people_of(first, windows), people_of(second, windows)})),
        hits(static_cast<std::size_t>(2 * windows)) {}

  const Windows& real;
  const Windows& other;
  std::int64_t count;
  std::int64_t folds;
  std::vector<std::uint8_t> hits;  // [2 x count]: whether the network was right; real windows, then others
};

std::vector<std::int64_t> fold_windows(const Contest& contest, const Windows& windows, std::int64_t fold, bool inside) {
  std::vector<std::int64_t> result;
  for (std::int64_t i = 0; i < contest.count; ++i) {
    if ((windows.owners()[static_cast<std::size_t>(i)] % contest.folds == fold) == inside) result.push_back(i);
  }
  return result;
}

SequenceBatch joined(SequenceBatch first, const SequenceBatch& second) {
  const std::int64_t rows = first.rows();
  first.values.insert(first.values.end(), second.values.begin(), second.values.end());
  for (std::size_t s = 1; s < second.offsets.size(); ++s) first.offsets.push_back(rows + second.offsets[s]);
  return first;
}

void run_fold(Contest& contest, std::int64_t fold, const Learner& learner, const LearnerPlan& plan,
              const Context& context) {
  const auto real = fold_windows(contest, contest.real, fold, false);
  const auto other = fold_windows(contest, contest.other, fold, false);
  std::vector<float> targets(real.size(), 1.0F);
  targets.resize(real.size() + other.size(), 0.0F);
  const auto fitted = learner.fit(joined(contest.real.batch(real), contest.other.batch(other)), targets, plan, context);
  const auto asked_real = fold_windows(contest, contest.real, fold, true);
  const auto asked_other = fold_windows(contest, contest.other, fold, true);
  const auto real_answers = fitted->answers(contest.real.batch(asked_real));
  const auto other_answers = fitted->answers(contest.other.batch(asked_other));
  for (std::size_t i = 0; i < asked_real.size(); ++i) {
    contest.hits[static_cast<std::size_t>(asked_real[i])] = real_answers[i] > 0.5F;
  }
  for (std::size_t i = 0; i < asked_other.size(); ++i) {
    contest.hits[static_cast<std::size_t>(contest.count + asked_other[i])] = other_answers[i] <= 0.5F;
  }
}

Estimate accuracy(const Contest& contest) {
  const auto count = static_cast<std::size_t>(contest.count);
  const auto real = contest.real.owners().first(count);
  std::vector<std::int32_t> owners(real.begin(), real.end());
  for (const std::int32_t owner : contest.other.owners().first(count)) owners.push_back(real.back() + 1 + owner);
  return share_estimate(contest.hits, owners, owners.back() + 1);
}

// |accuracy - 0.5| over the interval of the accuracy.
Estimate from_coin(const Estimate& share) {
  const auto distance = [](double x) { return std::abs(x - 0.5); };
  Estimate result;
  result.value = distance(share.value);
  const bool coin = share.low <= 0.5 && share.high >= 0.5;
  result.low = coin ? 0 : std::min(distance(share.low), distance(share.high));
  result.high = std::max(distance(share.low), distance(share.high));
  return result;
}

Estimate measure(const Evaluation& evaluation, const std::vector<ScaledColumn>& columns, const Context& context) {
  const auto windows = windows_of(evaluation, columns, context);
  std::int64_t count = kMostWindows;
  for (const Role role : kRoles) count = std::min(count, windows[role].size());
  Contest contests[] = {{windows[Role::holdout], windows[Role::synthetic], count},
                        {windows[Role::holdout], windows[Role::train], count}};
  if (contests[0].folds < 2 || contests[1].folds < 2) return {};
  const LearnerPlan plan = learner_plan(LearnerTask::classify, kSteps, columns);
  for_each_fit(contests[0].folds + contests[1].folds, context, "discriminative score",
               [&](std::int64_t i, const Context& own) {
                 const bool first = i < contests[0].folds;
                 run_fold(contests[first ? 0 : 1], first ? i : i - contests[0].folds, *evaluation.learner, plan, own);
               });
  Estimate result = from_coin(accuracy(contests[0]));
  result.reference = from_coin(accuracy(contests[1])).value;
  return result;
}

}  // namespace

std::vector<Finding> evaluate_discriminative_score(const Evaluation& evaluation, const Context& context) {
  check_evaluation(evaluation, "discriminative_score");
  context.check_cancelled();
  const auto columns = scaled_columns(evaluation);
  if (columns.empty()) return {};
  const bool able = evaluation.learner != nullptr;
  return {make_finding("discriminative_score", {}, able ? measure(evaluation, columns, context) : Estimate{},
                       Better::lower,
                       "How far from a coin a recurrent network is that tells synthetic stretches of rows from those of "
                       "holdout people it has not seen; 0 is a coin, 0.5 is always right, the reference is real people "
                       "against real people.",
                       able ? "at least two people with two rows are needed on each side"
                            : "it needs a recurrent network, and this build has none")};
}

}  // namespace understudy
