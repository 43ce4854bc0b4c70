#include "generators/gaussian_copula/condition.h"

#include <algorithm>
#include <cmath>

#include "encode/normal.h"
#include "understudy/error.h"

namespace understudy {
namespace {

constexpr std::size_t kCandidates = 32;
constexpr double kFar = 8;        // normal scores are kept inside [-8, 8]
constexpr double kTiny = 1e-200;  // a likelihood that counts as next to none

// A draw of a standard normal inside [low, high] and the chance of that stretch.
std::pair<double, double> truncated(double low, double high, Rng& rng) {
  const double u = rng.uniform();
  if (low > 0) {  // the upper tail by symmetry, where the distribution has no digits left
    const auto [z, chance] = truncated(-high, -low, rng);
    return {-z, chance};
  }
  const double from = normal_cdf(low);
  const double chance = normal_cdf(high) - from;
  if (chance < kTiny) return {std::clamp(0.0, low, high), kTiny};
  const double z = normal_quantile(std::clamp(from + u * chance, 1e-300, 1.0 - 0x1p-53));
  return {std::clamp(z, low, high), chance};
}

}  // namespace

ConditionalStatics::ConditionalStatics(const std::vector<Variable>& all, std::size_t statics, const Matrix& correlation,
                                       const std::vector<StaticCondition>& conditions, const Table& shape) {
  std::vector<std::size_t> rest;
  for (std::size_t v = 0; v < statics; ++v) {
    const auto it = std::find_if(conditions.begin(), conditions.end(), [&](const StaticCondition& condition) {
      return shape.find(condition.column) == static_cast<int>(all[v].column);
    });
    if (it == conditions.end()) {
      rest.push_back(v);
      continue;
    }
    const auto [low, high] = all[v].marginal.positions(all[v].is_missing_flag ? 0 : it->value);
    order_.push_back(v);
    given_.push_back({std::clamp(normal_quantile(low), -kFar, kFar), std::clamp(normal_quantile(high), -kFar, kFar)});
  }
  order_.insert(order_.end(), rest.begin(), rest.end());
  Matrix reordered(statics);
  for (std::size_t i = 0; i < statics; ++i) {
    for (std::size_t j = 0; j < statics; ++j) reordered(i, j) = correlation(order_[i], order_[j]);
  }
  auto lower = cholesky(reordered);
  if (!lower) fail(ErrorKind::input, "the model's correlations are not those of a distribution");
  lower_ = std::move(*lower);
}

// Draws the given variables one after the other; returns how likely the later values are after the earlier ones.
double ConditionalStatics::draw_given(std::span<double> e, Rng& rng) const {
  double weight = 1;
  for (std::size_t i = 0; i < given_.size(); ++i) {
    double mean = 0;
    for (std::size_t k = 0; k < i; ++k) mean += lower_(i, k) * e[k];
    const double low = (given_[i].low - mean) / lower_(i, i);
    const double high = (given_[i].high - mean) / lower_(i, i);
    if (low < high) {
      const auto [z, chance] = truncated(low, high, rng);
      e[i] = z;
      weight *= chance;
    } else {
      e[i] = low;
      weight *= normal_density(low);
    }
  }
  return std::max(weight, kTiny);
}

void ConditionalStatics::draw(std::span<double> z, Rng& rng) const {
  const std::size_t candidates = given_.size() > 1 ? kCandidates : 1;
  std::vector<std::vector<double>> drawn(candidates, std::vector<double>(order_.size()));
  std::vector<double> cumulative;
  for (auto& e : drawn) {
    cumulative.push_back((cumulative.empty() ? 0 : cumulative.back()) + draw_given(e, rng));
  }
  auto& e = drawn[candidates > 1 ? rng.weighted(cumulative) : 0];
  for (std::size_t i = given_.size(); i < e.size(); ++i) e[i] = rng.normal();
  for (std::size_t i = 0; i < e.size(); ++i) {
    double sum = 0;
    for (std::size_t k = 0; k <= i; ++k) sum += lower_(i, k) * e[k];
    z[order_[i]] = sum;
  }
}

}  // namespace understudy
