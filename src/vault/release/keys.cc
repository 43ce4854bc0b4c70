#include "vault/release/keys.h"

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <optional>

#include "core/files.h"
#include "understudy/error.h"

namespace understudy {
namespace {

constexpr std::string_view kSecretWord = "understudy-ed25519-secret ";
constexpr std::string_view kPublicWord = "understudy-ed25519 ";
constexpr std::string_view kSignatureWord = "understudy-signature ";
constexpr int kBase64 = sodium_base64_VARIANT_ORIGINAL;
constexpr std::size_t kSeed = crypto_sign_SEEDBYTES;
constexpr std::size_t kSeedText = sodium_base64_ENCODED_LEN(kSeed, kBase64) - 1;  // without the closing zero
constexpr std::size_t kSecretLine = kSecretWord.size() + kSeedText + 1;

using Signature = std::array<std::uint8_t, crypto_sign_BYTES>;
static_assert(crypto_sign_PUBLICKEYBYTES == std::tuple_size_v<decltype(PublicKey::bytes)>);

void start_sodium() {
  if (sodium_init() < 0) fail(ErrorKind::internal, "libsodium did not start");
}

// Locked memory, wiped when it goes.
template <class T>
class Locked {
 public:
  explicit Locked(std::size_t size) : size_(size), data_(static_cast<T*>(sodium_malloc(size))) {
    if (data_ == nullptr) fail(ErrorKind::internal, "no locked memory for a key");
  }
  Locked(const Locked&) = delete;
  Locked& operator=(const Locked&) = delete;
  ~Locked() { sodium_free(data_); }
  T* data() { return data_; }
  std::size_t size() const { return size_; }

 private:
  std::size_t size_;
  T* data_;
};

template <std::size_t N>
std::string base64(const std::array<std::uint8_t, N>& bytes) {
  std::string text(sodium_base64_ENCODED_LEN(N, kBase64), '\0');
  sodium_bin2base64(text.data(), text.size(), bytes.data(), N, kBase64);
  text.pop_back();  // the closing zero
  return text;
}

// The bytes of `text`, when it is their one base64 form: there are no two texts for the same bytes.
template <std::size_t N>
std::optional<std::array<std::uint8_t, N>> from_base64(std::string_view text) {
  std::array<std::uint8_t, N> bytes;
  std::size_t length = 0;
  const bool parsed =
      sodium_base642bin(bytes.data(), N, text.data(), text.size(), nullptr, &length, nullptr, kBase64) == 0;
  if (!parsed || length != N || base64(bytes) != text) return std::nullopt;
  return bytes;
}

std::optional<Signature> parse_signature(std::string_view line) {
  if (!line.starts_with(kSignatureWord) || !line.ends_with('\n')) return std::nullopt;
  line.remove_prefix(kSignatureWord.size());
  line.remove_suffix(1);
  return from_base64<crypto_sign_BYTES>(line);
}

const unsigned char* raw(std::string_view bytes) { return reinterpret_cast<const unsigned char*>(bytes.data()); }

[[noreturn]] void no_secret_key(const std::string& path) {
  fail(ErrorKind::input, "'{}' holds no secret key; understudy keygen makes one", path);
}

// Reads at most line.size() bytes of a file that is its owner's alone; returns how many.
std::size_t read_private(const std::string& path, Locked<char>& line) {
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) fail(ErrorKind::input, "cannot read the key '{}': {}", path, std::strerror(errno));
  struct stat info{};
  const bool known = fstat(file, &info) == 0 && S_ISREG(info.st_mode);
  const bool shared = (info.st_mode & 077) != 0;
  const ssize_t length = known && !shared ? read(file, line.data(), line.size()) : 0;
  close(file);
  if (known && shared)
    fail(ErrorKind::usage, "the secret key '{}' may be read by others; run: chmod 600 '{}'", path, path);
  if (!known || length < 0) no_secret_key(path);
  return static_cast<std::size_t>(length);
}

void write_secret(const std::string& path, const std::uint8_t* seed) {
  Locked<char> line(kSecretLine + 1);
  std::memcpy(line.data(), kSecretWord.data(), kSecretWord.size());
  sodium_bin2base64(line.data() + kSecretWord.size(), kSeedText + 1, seed, kSeed, kBase64);
  line.data()[kSecretLine - 1] = '\n';
  write_new(path, {line.data(), kSecretLine});
}

}  // namespace

void SecretKey::Wipe::operator()(std::uint8_t* bytes) const { sodium_free(bytes); }

SecretKey::SecretKey(const std::uint8_t* seed) {
  start_sodium();
  bytes_.reset(static_cast<std::uint8_t*>(sodium_malloc(crypto_sign_SECRETKEYBYTES)));
  if (bytes_ == nullptr) fail(ErrorKind::internal, "no locked memory for a key");
  PublicKey unused;
  crypto_sign_seed_keypair(unused.bytes.data(), bytes_.get(), seed);
}

PublicKey SecretKey::public_key() const {
  PublicKey key;
  crypto_sign_ed25519_sk_to_pk(key.bytes.data(), bytes_.get());
  return key;
}

void make_key(const std::string& path) {
  start_sodium();
  const std::string public_path = path + ".pub";
  for (const std::string& file : {path, public_path}) {
    if (std::filesystem::exists(std::filesystem::symlink_status(file))) {
      fail(ErrorKind::usage, "'{}' exists already; a key is never written over, name a new file", file);
    }
  }
  Locked<std::uint8_t> seed(kSeed);
  randombytes_buf(seed.data(), kSeed);
  write_secret(path, seed.data());
  try {
    write_new(public_path, fmt::format("{}{}\n", kPublicWord, base64(SecretKey(seed.data()).public_key().bytes)));
  } catch (...) {
    unlink(path.c_str());
    throw;
  }
}

SecretKey read_secret_key(const std::string& path) {
  start_sodium();
  Locked<char> line(kSecretLine + 1);  // one more, so that a longer file shows
  Locked<std::uint8_t> seed(kSeed);
  const std::size_t length = read_private(path, line);
  std::size_t decoded = 0;
  if (length != kSecretLine || std::memcmp(line.data(), kSecretWord.data(), kSecretWord.size()) != 0 ||
      line.data()[kSecretLine - 1] != '\n' ||
      sodium_base642bin(seed.data(), kSeed, line.data() + kSecretWord.size(), kSeedText, nullptr, &decoded, nullptr,
                        kBase64) != 0 ||
      decoded != kSeed) {
    no_secret_key(path);
  }
  return SecretKey(seed.data());
}

PublicKey read_public_key(const std::string& path) {
  start_sodium();
  const std::string content = read_text(path);
  std::string_view line = content;
  while (line.ends_with('\n') || line.ends_with('\r')) line.remove_suffix(1);  // mail programs change line ends
  const bool named = line.starts_with(kPublicWord);
  if (named) line.remove_prefix(kPublicWord.size());
  const auto bytes = named ? from_base64<crypto_sign_PUBLICKEYBYTES>(line) : std::nullopt;
  if (!bytes) {
    fail(ErrorKind::input,
         "'{}' holds no public key; it must be one line \"{}BASE64\", the file NAME.pub of understudy keygen", path,
         kPublicWord);
  }
  return {*bytes};
}

std::string fingerprint(const PublicKey& key) {
  std::array<unsigned char, crypto_generichash_BYTES> hash;
  crypto_generichash(hash.data(), hash.size(), key.bytes.data(), key.bytes.size(), nullptr, 0);
  constexpr std::size_t kShown = 16;
  char text[2 * kShown + 1];
  sodium_bin2hex(text, sizeof text, hash.data(), kShown);
  return text;
}

std::string sign(const SecretKey& key, std::string_view bytes) {
  Signature signature;
  crypto_sign_detached(signature.data(), nullptr, raw(bytes), bytes.size(), key.bytes());
  return fmt::format("{}{}\n", kSignatureWord, base64(signature));
}

bool signature_holds(const PublicKey& key, std::string_view bytes, std::string_view line) {
  const auto signature = parse_signature(line);
  return signature && crypto_sign_verify_detached(signature->data(), raw(bytes), bytes.size(), key.bytes.data()) == 0;
}

bool is_signature(std::string_view line) { return parse_signature(line).has_value(); }

}  // namespace understudy
