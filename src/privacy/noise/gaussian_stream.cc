#include "privacy/noise/gaussian_stream.h"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "privacy/noise/box_muller.h"
#include "privacy/noise/chacha20.h"
#include "privacy/noise/key_stream.h"
#include "understudy/context.h"
#include "understudy/error.h"

namespace understudy {
namespace {

// The normals of one block, and all that they were made of.
struct Block {
  static constexpr std::size_t kPairs = GaussianStream::kBlock / 2;

  Block(const KeyStream::Key& key, ChaCha20& cipher) {
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

  std::array<std::uint64_t, GaussianStream::kBlock> words;
  std::array<double, GaussianStream::kBlock> normals;
};

// The next keys of the source, in its order.
class Keys {
 public:
  Keys(NoiseSource& source, std::size_t count) : keys_(count) {
    for (KeyStream::Key& key : keys_) source.fill(key);
  }
  ~Keys() { sodium_memzero(keys_.data(), keys_.size() * sizeof(KeyStream::Key)); }
  Keys(const Keys&) = delete;
  Keys& operator=(const Keys&) = delete;
  const KeyStream::Key& operator[](std::size_t block) const { return keys_[block]; }

 private:
  std::vector<KeyStream::Key> keys_;
};

template <class T>
void add_noise(NoiseSource& source, std::span<T> values, double deviation, int threads) {
  constexpr std::size_t kBlock = GaussianStream::kBlock;
  constexpr std::size_t kAtOnce = 128;  // blocks of a thread's turn: a third of a millisecond
  if (!(deviation > 0 && std::isfinite(deviation))) {
    fail(ErrorKind::internal, "Gaussian noise with a standard deviation of {}", deviation);
  }
  const std::size_t blocks = (values.size() + kBlock - 1) / kBlock;
  const Keys keys(source, blocks);
  parallel_for(static_cast<std::int64_t>((blocks + kAtOnce - 1) / kAtOnce), threads, [&](std::int64_t turn) {
    ChaCha20 cipher;
    const std::size_t first = static_cast<std::size_t>(turn) * kAtOnce, end = std::min(first + kAtOnce, blocks);
    for (std::size_t b = first; b < end; ++b) {
      const Block block(keys[b], cipher);
      const auto own = values.subspan(b * kBlock, std::min(values.size() - b * kBlock, kBlock));
      for (std::size_t i = 0; i < own.size(); ++i) own[i] = static_cast<T>(own[i] + deviation * block.normals[i]);
    }
  });
}

}  // namespace

void GaussianStream::add(std::span<double> values, double deviation) { add_noise(source_, values, deviation, threads_); }
void GaussianStream::add(std::span<float> values, double deviation) { add_noise(source_, values, deviation, threads_); }

void GaussianStream::skip(std::size_t count) {
  KeyStream::Key key;
  for (std::size_t at = 0; at < count; at += kBlock) source_.fill(key);
  sodium_memzero(key.data(), key.size());
}

}  // namespace understudy
