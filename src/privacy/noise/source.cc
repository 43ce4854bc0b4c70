#include "privacy/noise/source.h"

#include <array>
#include <bit>

#include "understudy/error.h"

namespace understudy {

std::uint64_t NoiseSource::next() {
  std::array<std::uint8_t, 8> bytes;
  fill(bytes);
  return std::bit_cast<std::uint64_t>(bytes);
}

std::uint64_t NoiseSource::below(std::uint64_t bound) {
  if (bound == 0) fail(ErrorKind::internal, "the bound of NoiseSource::below is 0; it must be 1 or more");
  // Multiplication with rejection (Lemire 2019): the product's upper half is uniform once its lower half is not among
  // the 2^64 mod bound smallest values.
  __extension__ using Wide = unsigned __int128;
  Wide product = static_cast<Wide>(next()) * bound;
  if (static_cast<std::uint64_t>(product) < bound) {
    const std::uint64_t surplus = -bound % bound;
    while (static_cast<std::uint64_t>(product) < surplus) product = static_cast<Wide>(next()) * bound;
  }
  return static_cast<std::uint64_t>(product >> 64);
}

}  // namespace understudy
