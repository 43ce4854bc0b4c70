// ChaCha20 with fast key erasure (Bernstein 2017, "Fast-key-erasure random-number generators"): each refill gives a
// block whose first 32 bytes become the next key; bytes are wiped as they are handed out. What is in memory tells
// nothing of bytes that were drawn before.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace understudy {

class KeyStream {
 public:
  using Key = std::array<std::uint8_t, 32>;
  static constexpr std::size_t kBytes = 3072;   // of a block, without the next key

  void rekey(const Key& key);                   // drops what was left of the block
  void take(std::span<std::uint8_t> bytes);     // the next bytes of the stream

 private:
  void refill();

  // Plain bytes without a constructor: all zero is a state, that of a page which the kernel wiped.
  Key key_;
  std::array<std::uint8_t, kBytes> block_;
  std::size_t left_;                            // bytes at the end of block_ that were not handed out yet
};

}  // namespace understudy
