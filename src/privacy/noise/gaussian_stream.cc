#include "privacy/noise/gaussian_stream.h"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "privacy/noise/box_muller.h"
#include "privacy/noise/chacha20.h"
#include "privacy/noise/key_stream.h"
#include "understudy/error.h"

namespace understudy {
namespace {

// The normals of one block, and all that they were made of.
struct Block {
  static constexpr std::size_t kPairs = GaussianStream::kBlock / 2;

  Block(NoiseSource& source, ChaCha20& cipher) {
    source.fill(key);
    cipher.stream(key, {reinterpret_cast<std::uint8_t*>(words.data()), sizeof(words)});
    // Always whole blocks: no left-over pair takes another way through the compiler's loop, and rounds differently.
    for (std::size_t i = 0; i < kPairs; ++i) {
      const box_muller::Pair pair = box_muller::normals(words[i], words[kPairs + i]);
      normals[i] = pair.first;
      normals[kPairs + i] = pair.second;
    }
  }
  ~Block() { sodium_memzero(this, sizeof(*this)); }
  Block(const Block&) = delete;
  Block& operator=(const Block&) = delete;

  KeyStream::Key key;
  std::array<std::uint64_t, GaussianStream::kBlock> words;
  std::array<double, GaussianStream::kBlock> normals;
};

template <class T>
void add_noise(NoiseSource& source, std::span<T> values, double deviation) {
  if (!(deviation > 0 && std::isfinite(deviation))) {
    fail(ErrorKind::internal, "Gaussian noise with a standard deviation of {}", deviation);
  }
  ChaCha20 cipher;
  while (!values.empty()) {
    const Block block(source, cipher);
    const auto now = values.first(std::min(values.size(), GaussianStream::kBlock));
    for (std::size_t i = 0; i < now.size(); ++i) now[i] = static_cast<T>(now[i] + deviation * block.normals[i]);
    values = values.subspan(now.size());
  }
}

}  // namespace

void GaussianStream::add(std::span<double> values, double deviation) { add_noise(source_, values, deviation); }
void GaussianStream::add(std::span<float> values, double deviation) { add_noise(source_, values, deviation); }

void GaussianStream::skip(std::size_t count) {
  KeyStream::Key key;
  for (std::size_t at = 0; at < count; at += kBlock) source_.fill(key);
  sodium_memzero(key.data(), key.size());
}

}  // namespace understudy
