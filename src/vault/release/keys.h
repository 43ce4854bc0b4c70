// Keys that sign releases: Ed25519 (RFC 8032) by libsodium.
//
//   make_key("hospital");                                   // hospital (keep it) and hospital.pub (give it to
//   everybody) const SecretKey key = read_secret_key("hospital"); const std::string line = sign(key, bytes);
//   signature_holds(read_public_key("hospital.pub"), bytes, line);
//
// Guarantee: who has only the public key cannot make a signature that holds. Secret bytes live in locked memory that is
// wiped when it is given back. Assumption: the secret file stays with its owner; it has no passphrase.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace understudy {

struct PublicKey {
  std::array<std::uint8_t, 32> bytes{};
  bool operator==(const PublicKey&) const = default;
};

class SecretKey {
 public:
  // From the 32 bytes of an Ed25519 seed.
  explicit SecretKey(const std::uint8_t* seed);
  const std::uint8_t* bytes() const { return bytes_.get(); }  // 64, as libsodium signs with
  PublicKey public_key() const;

 private:
  struct Wipe {
    void operator()(std::uint8_t* bytes) const;
  };
  std::unique_ptr<std::uint8_t, Wipe> bytes_;
};

// Writes PATH, the secret key (mode 0600), and PATH.pub, one line "understudy-ed25519 BASE64". ErrorKind::usage when
// one of them exists already; then neither is written.
void make_key(const std::string& path);

// ErrorKind::input when the file holds no secret key, ErrorKind::usage when others than its owner may read it.
SecretKey read_secret_key(const std::string& path);
// ErrorKind::input when the file holds no public key, also when it holds the secret one.
PublicKey read_public_key(const std::string& path);

// How people name a key: 32 hex digits, the first 16 bytes of BLAKE2b-256 over the public key.
std::string fingerprint(const PublicKey& key);

// One line with its newline: "understudy-signature BASE64".
std::string sign(const SecretKey& key, std::string_view bytes);
// Whether `line` is exactly such a line, and of these bytes and this key.
bool signature_holds(const PublicKey& key, std::string_view bytes, std::string_view line);
// Whether it is such a line at all.
bool is_signature(std::string_view line);

}  // namespace understudy
