// Reproducible randomness: initialisation, splits, sampling, simulation. Never noise that a guarantee rests on.
//
//   Rng rng(seed);
//   Rng rows = rng.stream("rows", shard);   // independent of every other stream, whatever the order of use
//   double u = rows.uniform();
//
// The generator is xoshiro256++ (Blackman and Vigna, 2019); streams are keyed by a SplitMix64 hash of the seed, the
// stream's name and its index. The same seed gives the same numbers on every machine and with any thread count, as
// long as each shard of work draws from a stream of its own.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace understudy {

class Rng {
 public:
  explicit Rng(std::uint64_t seed);

  // A generator that depends on this one's seed (not on how far it has advanced), on `name` and on `index`.
  Rng stream(std::string_view name, std::uint64_t index = 0) const;

  std::uint64_t next();                      // 64 random bits
  double uniform();                          // in [0, 1), 53 bits
  double uniform(double low, double high);   // in [low, high)
  double normal();                           // mean 0, variance 1
  std::uint64_t below(std::uint64_t bound);  // in [0, bound), unbiased; bound > 0
  bool bernoulli(double probability);
  double exponential();                      // mean 1
  double gamma(double shape);                // scale 1; shape > 0
  std::size_t weighted(std::span<const double> cumulative);  // index i with probability (c[i] - c[i-1]) / c.back()

  template <class T>
  void shuffle(std::vector<T>& values) {
    for (std::size_t i = values.size(); i > 1; --i) std::swap(values[i - 1], values[below(i)]);
  }

  // The whole state, for checkpoints. restore(state()) continues with the same numbers.
  std::array<std::uint64_t, 6> state() const;
  static Rng restore(const std::array<std::uint64_t, 6>& state);

  // So that an Rng can drive the standard library's algorithms.
  using result_type = std::uint64_t;
  static constexpr result_type min() { return 0; }
  static constexpr result_type max() { return ~std::uint64_t{0}; }
  result_type operator()() { return next(); }

 private:
  std::array<std::uint64_t, 4> words_{};
  std::uint64_t key_ = 0;       // what streams are derived from
  std::uint64_t spare_ = 0;     // bits of the second normal of a pair, 0 when there is none
};

}  // namespace understudy
