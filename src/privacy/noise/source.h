// Where the coins of private mechanisms come from: noise, Poisson inclusion, private selection. Not for anything else,
// and nothing else is for it: Rng (understudy/random.h) is a different type on purpose.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace understudy {

// A source serves one thread at a time.
class NoiseSource {
 public:
  virtual ~NoiseSource() = default;
  virtual void fill(std::span<std::uint8_t> bytes) = 0;   // independent uniform bytes

  std::uint64_t next();                                   // 64 uniform bits
  std::uint64_t below(std::uint64_t bound);               // uniform in [0, bound), unbiased; bound > 0
};

// The source of this build. Ordinary builds: ChaCha20 keyed from the kernel, the key erased after every block
// (libsodium), a fresh key in a forked child; `seed` is ignored. Programs that link noise_seeded instead of
// noise_secure (library understudy_seeded): a stream that depends on `seed` alone, and noise_is_seeded() is true: every
// writer then stamps NOT PRIVATE. One object file decides, nothing else differs.
std::unique_ptr<NoiseSource> make_noise_source(std::uint64_t seed);
bool noise_is_seeded();

}  // namespace understudy
