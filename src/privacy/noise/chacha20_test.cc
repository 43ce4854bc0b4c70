#include "privacy/noise/chacha20.h"

#include <gtest/gtest.h>
#include <sodium.h>

#include <array>
#include <string>
#include <vector>

namespace understudy {
namespace {

// RFC 8439, appendix A.1, test vectors 1 and 2: a key of zeros.
TEST(ChaCha20, PublishedVectors) {
  std::array<std::uint8_t, 128> bytes{};
  bytes.fill(7);
  ChaCha20().stream(KeyStream::Key{}, bytes);
  std::array<char, 257> text{};
  sodium_bin2hex(text.data(), text.size(), bytes.data(), bytes.size());
  EXPECT_EQ(std::string(text.data()),
            "76b8e0ada0f13d90405d6ae55386bd28bdd219b8a08ded1aa836efcc8b770dc7da41597c5157488d7724e03fb8d84a376a43b8f41518a11cc387b669b2ee6586"
            "9f07e7be5551387a98ba977c732d080dcb0f29a048e3656912c6533e32ee7aed29b721769ce64e43d57133b074d839d531ed1f28510afb45ace10a1f4b794d6f");
}

// The slow reference beside it, for many keys and lengths.
TEST(ChaCha20, IsThatOfLibsodium) {
  ChaCha20 cipher;
  KeyStream::Key key{};
  cipher.stream(key, {});
  for (std::size_t length : {1u, 63u, 64u, 65u, 1000u, 4096u}) {
    for (int i = 0; i < 20; ++i) {
      randombytes_buf(key.data(), key.size());
      std::vector<std::uint8_t> found(length, 1), wanted(length);
      const std::array<std::uint8_t, crypto_stream_chacha20_ietf_NONCEBYTES> nonce{};
      cipher.stream(key, found);
      crypto_stream_chacha20_ietf(wanted.data(), length, nonce.data(), key.data());
      EXPECT_EQ(found, wanted) << length;
    }
  }
}

}  // namespace
}  // namespace understudy
