#include "privacy/noise/chacha20.h"

#include <algorithm>
#include <array>

#ifdef UNDERSTUDY_LIBCRYPTO
#include <openssl/evp.h>

#include "understudy/error.h"
#else
#include <sodium.h>
#endif

namespace understudy {

#ifdef UNDERSTUDY_LIBCRYPTO

struct ChaCha20::Cipher {
  struct Free {
    void operator()(EVP_CIPHER* cipher) const { EVP_CIPHER_free(cipher); }
    void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
  };
  std::unique_ptr<EVP_CIPHER, Free> algorithm{EVP_CIPHER_fetch(nullptr, "ChaCha20", nullptr)};
  std::unique_ptr<EVP_CIPHER_CTX, Free> context{EVP_CIPHER_CTX_new()};
};

void ChaCha20::stream(const KeyStream::Key& key, std::span<std::uint8_t> bytes) {
  static constexpr std::array<std::uint8_t, 16> kCounterAndNonce{};
  std::fill(bytes.begin(), bytes.end(), std::uint8_t{0});  // the stream is what the cipher makes of zeros
  EVP_CIPHER_CTX* const context = cipher_->context.get();
  int done = 0;
  const bool works = context != nullptr && cipher_->algorithm != nullptr &&
                     EVP_EncryptInit_ex2(context, cipher_->algorithm.get(), key.data(), kCounterAndNonce.data(), nullptr) == 1 &&
                     EVP_EncryptUpdate(context, bytes.data(), &done, bytes.data(), static_cast<int>(bytes.size())) == 1 &&
                     done == static_cast<int>(bytes.size()) && EVP_CIPHER_CTX_reset(context) == 1;  // wipes the key
  if (!works) fail(ErrorKind::internal, "libcrypto gives no ChaCha20");
}

#else

struct ChaCha20::Cipher {};

void ChaCha20::stream(const KeyStream::Key& key, std::span<std::uint8_t> bytes) {
  static constexpr std::array<std::uint8_t, crypto_stream_chacha20_ietf_NONCEBYTES> kNonce{};
  crypto_stream_chacha20_ietf(bytes.data(), bytes.size(), kNonce.data(), key.data());
}

#endif

ChaCha20::ChaCha20() : cipher_(std::make_unique<Cipher>()) {}
ChaCha20::~ChaCha20() = default;

}  // namespace understudy
