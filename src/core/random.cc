#include "understudy/random.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numbers>

#include "understudy/error.h"

namespace understudy {
namespace {

std::uint64_t split_mix(std::uint64_t& state) {
  std::uint64_t z = (state += 0x9e3779b97f4a7c15ULL);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

}  // namespace

Rng::Rng(std::uint64_t seed) : key_(seed) {
  std::uint64_t state = seed;
  for (auto& word : words_) word = split_mix(state);
}

Rng Rng::stream(std::string_view name, std::uint64_t index) const {
  std::uint64_t hash = key_;
  for (const char c : name) {
    std::uint64_t mixed = hash ^ static_cast<unsigned char>(c);
    hash = split_mix(mixed);
  }
  std::uint64_t mixed = hash ^ index;
  return Rng(split_mix(mixed));
}

std::uint64_t Rng::next() {
  auto& s = words_;
  const std::uint64_t result = std::rotl(s[0] + s[3], 23) + s[0];
  const std::uint64_t t = s[1] << 17;
  s[2] ^= s[0];
  s[3] ^= s[1];
  s[1] ^= s[2];
  s[0] ^= s[3];
  s[2] ^= t;
  s[3] = std::rotl(s[3], 45);
  return result;
}

double Rng::uniform() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }

double Rng::uniform(double low, double high) { return low + (high - low) * uniform(); }

double Rng::normal() {
  if (spare_ != 0) return std::bit_cast<double>(std::exchange(spare_, 0));
  const double radius = std::sqrt(-2 * std::log(1 - uniform()));
  const double angle = 2 * std::numbers::pi * uniform();
  spare_ = std::bit_cast<std::uint64_t>(radius * std::sin(angle));
  return radius * std::cos(angle);
}

std::uint64_t Rng::below(std::uint64_t bound) {
  if (bound == 0) fail(ErrorKind::internal, "Rng::below needs a bound above 0");
  // Lemire's multiplication with rejection.
  __extension__ using Wide = unsigned __int128;
  Wide product = static_cast<Wide>(next()) * bound;
  auto low = static_cast<std::uint64_t>(product);
  if (low < bound) {
    const std::uint64_t threshold = -bound % bound;
    while (low < threshold) {
      product = static_cast<Wide>(next()) * bound;
      low = static_cast<std::uint64_t>(product);
    }
  }
  return static_cast<std::uint64_t>(product >> 64);
}

bool Rng::bernoulli(double probability) { return uniform() < probability; }

double Rng::exponential() { return -std::log(1 - uniform()); }

// Marsaglia and Tsang (2000); shapes below 1 by Johnk's boost.
double Rng::gamma(double shape) {
  if (shape < 1) return gamma(shape + 1) * std::pow(1 - uniform(), 1 / shape);
  const double d = shape - 1.0 / 3;
  const double c = 1 / std::sqrt(9 * d);
  while (true) {
    const double x = normal();
    const double v = (1 + c * x) * (1 + c * x) * (1 + c * x);
    if (v > 0 && std::log(1 - uniform()) < 0.5 * x * x + d - d * v + d * std::log(v)) return d * v;
  }
}

std::size_t Rng::weighted(std::span<const double> cumulative) {
  if (cumulative.empty()) fail(ErrorKind::internal, "Rng::weighted needs at least one weight");
  const double u = uniform() * cumulative.back();
  const auto at = std::upper_bound(cumulative.begin(), cumulative.end(), u);
  return std::min(static_cast<std::size_t>(at - cumulative.begin()), cumulative.size() - 1);
}

std::array<std::uint64_t, 6> Rng::state() const { return {words_[0], words_[1], words_[2], words_[3], key_, spare_}; }

Rng Rng::restore(const std::array<std::uint64_t, 6>& state) {
  Rng rng(state[4]);
  for (std::size_t i = 0; i < 4; ++i) rng.words_[i] = state[i];
  rng.spare_ = state[5];
  return rng;
}

}  // namespace understudy
