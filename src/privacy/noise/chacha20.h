// The keystream of ChaCha20 (RFC 8439), from libcrypto: on processors with AVX-512 it takes half of libsodium's time, which
// stands in where libcrypto is not built in. Both give the same bytes (chacha20_test.cc).
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "privacy/noise/key_stream.h"

namespace understudy {

// One thread at a time.
class ChaCha20 {
 public:
  ChaCha20();
  ~ChaCha20();

  // Fills `bytes` with the stream under this key from its start, and keeps nothing of the key. The nonce is zero: a key is
  // used once. ErrorKind::internal when libcrypto refuses.
  void stream(const KeyStream::Key& key, std::span<std::uint8_t> bytes);

 private:
  struct Cipher;
  std::unique_ptr<Cipher> cipher_;
};

}  // namespace understudy
