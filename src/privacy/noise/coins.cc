#include "privacy/noise/coins.h"

#include <sodium.h>

#include <algorithm>

namespace understudy {

Coins::~Coins() { sodium_memzero(words_.data(), sizeof(words_)); }

void Coins::refill() {
  size_ = std::min(kWords, size_ == 0 ? 16 : 2 * size_);
  next_ = 0;
  source_.fill({reinterpret_cast<std::uint8_t*>(words_.data()), size_ * sizeof(std::uint32_t)});
}

Wide Coins::below(Wide bound) {
  if (bound >> 32 == 0) {
    // Multiplication with rejection, as in NoiseSource::below.
    const auto small = static_cast<std::uint32_t>(bound);
    std::uint64_t product = std::uint64_t{word()} * small;
    if (static_cast<std::uint32_t>(product) < small) {
      const std::uint32_t surplus = -small % small;
      while (static_cast<std::uint32_t>(product) < surplus) product = std::uint64_t{word()} * small;
    }
    return product >> 32;
  }
  // As many bits as the bound has, again while they make too large a number: at most two tries on average.
  const Wide largest = bound - 1;
  Wide mask = largest;
  for (int shift = 1; shift < 128; shift *= 2) mask |= mask >> shift;
  while (true) {
    Wide number = 0;
    for (int have = 0; have < 128 && mask >> have != 0; have += 32) number |= static_cast<Wide>(word()) << have;
    number &= mask;
    if (number <= largest) return number;
  }
}

bool Coins::exp_minus(Wide n, Wide d) {
  for (; n > d; n -= d) {
    if (!exp_minus_one()) return false;
  }
  return exp_fraction(n, d);
}

}  // namespace understudy
