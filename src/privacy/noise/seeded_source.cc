// NOT PRIVATE. For tests that compare runs: whoever knows the seed knows the noise. secure_source.cc defines the same
// names; a program links one of the two.
#include <sodium.h>

#include <cstring>
#include <string_view>

#include "privacy/noise/key_stream.h"
#include "privacy/noise/source.h"
#include "understudy/error.h"

namespace understudy {
namespace {

class SeededSource final : public NoiseSource {
 public:
  explicit SeededSource(std::uint64_t seed) {
    if (sodium_init() < 0) {
      fail(ErrorKind::internal, "libsodium reports {}: check the installation", "sodium_init() < 0");
    }
    KeyStream::Key key{};
    for (std::size_t i = 0; i < sizeof(seed); ++i) key[i] = static_cast<std::uint8_t>(seed >> (8 * i));
    static constexpr std::string_view kLabel = "NOT PRIVATE";
    std::memcpy(key.data() + sizeof(seed), kLabel.data(), kLabel.size());
    stream_.rekey(key);
  }
  void fill(std::span<std::uint8_t> bytes) override { stream_.take(bytes); }

 private:
  KeyStream stream_{};
};

}  // namespace

std::unique_ptr<NoiseSource> make_noise_source(std::uint64_t seed) { return std::make_unique<SeededSource>(seed); }

bool noise_is_seeded() { return true; }

}  // namespace understudy
