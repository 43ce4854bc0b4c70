#include "privacy/noise/key_stream.h"

#include <sodium.h>

#include <algorithm>
#include <cstring>

namespace understudy {

void KeyStream::rekey(const Key& key) {
  key_ = key;
  left_ = 0;
  sodium_memzero(block_.data(), block_.size());
}

void KeyStream::refill() {
  // A key is used once, so the nonce may be constant.
  static constexpr std::array<std::uint8_t, crypto_stream_chacha20_ietf_NONCEBYTES> kNonce{};
  std::array<std::uint8_t, sizeof(Key) + kBytes> fresh;
  crypto_stream_chacha20_ietf(fresh.data(), fresh.size(), kNonce.data(), key_.data());
  std::copy_n(fresh.begin(), key_.size(), key_.begin());
  std::copy_n(fresh.begin() + key_.size(), kBytes, block_.begin());
  sodium_memzero(fresh.data(), fresh.size());
  left_ = kBytes;
}

void KeyStream::take(std::span<std::uint8_t> bytes) {
  while (!bytes.empty()) {
    if (left_ == 0) refill();
    const std::size_t size = std::min(bytes.size(), left_);
    std::uint8_t* from = block_.data() + kBytes - left_;
    std::memcpy(bytes.data(), from, size);
    sodium_memzero(from, size);
    left_ -= size;
    bytes = bytes.subspan(size);
  }
}

}  // namespace understudy
