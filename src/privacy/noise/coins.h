// Coins whose probabilities are exact: a uniform real number is compared with the probability 32 bits at a time, until
// the bits decide. Integers only; the samplers of discrete.h and selection.h are made of these.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "privacy/noise/source.h"

namespace understudy {

__extension__ using Wide = unsigned __int128;

// Takes blocks of bytes from a source and hands them out as coins; what is left in the end is wiped.
class Coins {
 public:
  explicit Coins(NoiseSource& source) : source_(source) {}
  Coins(const Coins&) = delete;
  Coins& operator=(const Coins&) = delete;
  ~Coins();

  std::uint32_t word() {                          // 32 uniform bits
    if (next_ == size_) refill();
    return words_[next_++];
  }
  bool flip() { return (word() & 1) != 0; }
  Wide below(Wide bound);                         // uniform in [0, bound); bound in [1, 2^127]

  // True with probability n / d; n <= d < 2^96.
  bool bernoulli(Wide n, Wide d) { return d >> 32 == 0 ? compare<std::uint64_t>(n, d) : compare<Wide>(n, d); }

  // True with probability exp(-n / d); d < 2^96. The first takes n <= d only.
  bool exp_fraction(Wide n, Wide d) {
    return odd_run([&] { return bernoulli(n, d); });
  }
  bool exp_minus(Wide n, Wide d);
  bool exp_minus_one() {
    return odd_run([] { return true; });
  }
  // True with probability exp(-(n / d) (m / e)) for two fractions in [0, 1]: a coin of a product is two coins.
  bool exp_product(Wide n, Wide d, Wide m, Wide e) {
    return odd_run([&] { return bernoulli(n, d) && bernoulli(m, e); });
  }

 private:
  static constexpr std::size_t kWords = 128;

  void refill();

  // U < n / d for U uniform in [0, 1). After a word w, U lies in [w, w + 1) / 2^32; while that does not decide, the
  // rest of U is compared with (n 2^32 - w d) / d, again a fraction.
  template <class Integer>
  bool compare(Integer n, Integer d) {
    while (true) {
      const Integer low = static_cast<Integer>(word()) * d;
      const Integer target = n << 32;
      if (low + d <= target) return true;
      if (low >= target) return false;
      n = target - low;
    }
  }

  // Canonne, Kamath and Steinke 2020, algorithm 1: K = 1, 2, ... while a coin of probability gamma / K is heads; K is
  // odd in the end with probability exp(-gamma), by the alternating series of exp. coin(): heads with probability
  // gamma.
  template <class Coin>
  bool odd_run(const Coin& coin) {
    std::uint64_t k = 1;
    while ((k == 1 || compare<std::uint64_t>(1, k)) && coin()) ++k;
    return k % 2 == 1;
  }

  NoiseSource& source_;
  std::size_t next_ = 0;
  std::size_t size_ = 0;                          // words of the present block; blocks grow as more are asked for
  std::array<std::uint32_t, kWords> words_;
};

}  // namespace understudy
