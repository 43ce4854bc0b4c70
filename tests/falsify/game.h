// Plays a mechanism on two neighbouring inputs, picks on one half of the runs the event that tells them apart best, and
// bounds on the other half what that proves. Nothing about the mechanism is assumed: its outcome is a number, equal
// outcomes are equal numbers.
//
// False alarms: every lower bound is above the truth with probability at most kAlpha = 1e-6. The suite states fewer
// than 80 of them against true claims, so all of it fails by chance with probability below 1e-4.
#pragma once

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <map>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "falsify/lower_bound.h"
#include "privacy/noise/source.h"

namespace understudy {

inline constexpr double kAlpha = 1e-6;

using Run = std::function<std::int64_t(NoiseSource&)>;   // the mechanism on one input
using Statistic = std::function<double(const Hits&)>;

inline std::int64_t game_runs() {
  const char* deep = std::getenv("UNDERSTUDY_DEEP");
  return deep != nullptr && std::string_view(deep) == "1" ? 1000000 : 100000;
}

class Game {
 public:
  Game(const Run& one, const Run& other, std::int64_t runs = game_runs()) {
    const auto source = make_noise_source(0);
    for (auto* half : {&choosing_, &judging_}) {
      for (std::int64_t i = 0; i < runs / 2; ++i) {
        ++half->counts[one(*source)].first;
        ++half->counts[other(*source)].second;
      }
      half->runs = runs / 2;
    }
  }

  // Lower bounds with the first input, and with the second, as the one that the event speaks for.
  double epsilon(double delta = 0) const { return std::max(epsilon_of_one(delta), epsilon_of_other(delta)); }
  double epsilon_of_one(double delta = 0) const { return bound(false, epsilon_at(delta)); }
  double epsilon_of_other(double delta = 0) const { return bound(true, epsilon_at(delta)); }
  double mu() const { return std::max(bound(false, mu_at()), bound(true, mu_at())); }
  // Of max minus min of the privacy loss: what bounded_range(epsilon) says is at most epsilon. Two bounds together.
  double range() const { return epsilon_of_one() + epsilon_of_other(); }

 private:
  struct Half {
    std::map<std::int64_t, std::pair<std::int64_t, std::int64_t>> counts;   // outcome: times on one, on the other
    std::int64_t runs = 0;
  };
  struct Outcome {
    std::int64_t value, for_one, for_other;
  };

  static Statistic epsilon_at(double delta) {
    return [delta](const Hits& hits) { return epsilon_lower_bound(hits, delta, kAlpha); };
  }
  static Statistic mu_at() {
    return [](const Hits& hits) { return mu_lower_bound(hits, kAlpha); };
  }

  static std::vector<Outcome> outcomes(const Half& half, bool swapped) {
    std::vector<Outcome> result;
    for (const auto& [value, times] : half.counts) {
      result.push_back({value, swapped ? times.second : times.first, swapped ? times.first : times.second});
    }
    return result;
  }

  // The best event among the first outcomes of three orders: by likelihood ratio, and by value from either end.
  double bound(bool swapped, const Statistic& statistic) const {
    std::vector<Outcome> order = outcomes(choosing_, swapped);
    const auto ratio = [](const Outcome& outcome) {
      return (static_cast<double>(outcome.for_one) + 0.5) / (static_cast<double>(outcome.for_other) + 0.5);
    };
    double best = -std::numeric_limits<double>::infinity();
    std::unordered_set<std::int64_t> event;
    for (int way = 0; way < 3; ++way) {
      if (way == 1) std::reverse(order.begin(), order.end());
      if (way == 2) std::sort(order.begin(), order.end(), [&](auto& a, auto& b) { return ratio(a) > ratio(b); });
      const auto [value, size] = best_start(order, statistic);
      if (value <= best) continue;
      best = value;
      event.clear();
      for (std::size_t i = 0; i < size; ++i) event.insert(order[i].value);
    }
    Hits hits = {0, judging_.runs, 0, judging_.runs};
    for (const Outcome& outcome : outcomes(judging_, swapped)) {
      if (!event.contains(outcome.value)) continue;
      hits.true_positives += outcome.for_one;
      hits.false_positives += outcome.for_other;
    }
    return statistic(hits);
  }

  // The bound and the number of outcomes. Of thousands of outcomes only some starts are tried.
  std::pair<double, std::size_t> best_start(const std::vector<Outcome>& order, const Statistic& statistic) const {
    std::pair<double, std::size_t> best = {-std::numeric_limits<double>::infinity(), 0};
    Hits hits = {0, choosing_.runs, 0, choosing_.runs};
    const std::size_t stride = order.size() / 500 + 1;
    for (std::size_t i = 0; i < order.size(); ++i) {
      hits.true_positives += order[i].for_one;
      hits.false_positives += order[i].for_other;
      if (i % stride == 0) best = std::max(best, {statistic(hits), i + 1});
    }
    return best;
  }

  Half choosing_, judging_;
};

}  // namespace understudy
