#include "privacy/noise/source.h"

#include <gtest/gtest.h>
#include <sodium.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <thread>

#include "privacy/noise/key_stream.h"
#include "privacy/noise/testing_fit.h"
#include "testing/kind_of.h"

namespace understudy {
namespace {

using Block = std::array<std::uint8_t, 64>;

TEST(KeyStream, IsChaCha20WithoutTheBytesThatBecomeTheNextKey) {
  KeyStream stream{};
  stream.rekey({});
  std::array<std::uint8_t, 8> bytes;
  stream.take(bytes);
  // Key 0, nonce 0, bytes 32 to 39 of the key stream (RFC 8439, appendix A.1, vector 1).
  EXPECT_EQ(bytes, (std::array<std::uint8_t, 8>{0xda, 0x41, 0x59, 0x7c, 0x51, 0x57, 0x48, 0x8d}));
}

TEST(KeyStream, TheNextBlockHasTheErasedKeysSuccessor) {
  std::array<std::uint8_t, 32 + KeyStream::kBytes> first, second;
  KeyStream::Key key{};
  const std::array<std::uint8_t, crypto_stream_chacha20_ietf_NONCEBYTES> nonce{};
  crypto_stream_chacha20_ietf(first.data(), first.size(), nonce.data(), key.data());
  crypto_stream_chacha20_ietf(second.data(), second.size(), nonce.data(), first.data());
  KeyStream stream{};
  stream.rekey(key);
  std::array<std::uint8_t, KeyStream::kBytes> bytes;
  stream.take(bytes);
  EXPECT_TRUE(std::equal(bytes.begin(), bytes.end(), first.begin() + 32));
  stream.take(bytes);
  EXPECT_TRUE(std::equal(bytes.begin(), bytes.end(), second.begin() + 32));
}

TEST(KeyStream, BytesAndKeysAreWiped) {
  alignas(KeyStream) std::array<std::uint8_t, sizeof(KeyStream)> memory{};
  auto* stream = new (memory.data()) KeyStream;
  stream->rekey({1, 2, 3});
  Block bytes;
  stream->take(bytes);
  EXPECT_EQ(std::search(memory.begin(), memory.end(), bytes.begin(), bytes.end()), memory.end());
  const KeyStream::Key key = {1, 2, 3};
  EXPECT_EQ(std::search(memory.begin(), memory.end(), key.begin(), key.end()), memory.end());
}

TEST(SecureSource, SaysThatItIsNotSeeded) { EXPECT_FALSE(noise_is_seeded()); }

Block block(NoiseSource& source) {
  Block bytes;
  source.fill(bytes);
  return bytes;
}

TEST(SecureSource, TwoSourcesAndTwoThreadsDiffer) {
  const auto a = make_noise_source(1), b = make_noise_source(1);
  EXPECT_NE(block(*a), block(*b));
  Block other;
  std::thread([&] { other = block(*make_noise_source(1)); }).join();
  EXPECT_NE(block(*a), other);
  EXPECT_NE(block(*a), block(*a));
}

// A child that inherits a source in the middle of a block must not repeat its parent's noise, nor its sibling's.
TEST(SecureSource, AForkedChildHasItsOwnBytes) {
  const auto source = make_noise_source(0);
  block(*source);
  std::array<Block, 2> children;
  for (Block& child : children) {
    std::array<int, 2> ends;
    ASSERT_EQ(pipe(ends.data()), 0);
    const pid_t process = fork();
    if (process == 0) {
      const Block bytes = block(*source);
      _exit(write(ends[1], bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()) ? 0 : 1);
    }
    ASSERT_EQ(read(ends[0], child.data(), child.size()), static_cast<ssize_t>(child.size()));
    int status = 1;
    waitpid(process, &status, 0);
    EXPECT_EQ(status, 0);
    close(ends[0]);
    close(ends[1]);
  }
  const Block parent = block(*source);
  EXPECT_NE(parent, children[0]);
  EXPECT_NE(parent, children[1]);
  EXPECT_NE(children[0], children[1]);
}

TEST(SecureSource, BytesAreUniform) {
  std::vector<std::uint8_t> bytes(1 << 20);
  make_noise_source(0)->fill(bytes);
  std::vector<double> counts(256);
  for (const auto byte : bytes) ++counts[byte];
  expect_fit(counts, std::vector<long double>(256, 1));
}

TEST(NoiseSource, BelowIsUniformAndRefusesZero) {
  const auto source = make_noise_source(0);
  for (const std::uint64_t bound : {1, 3, 10, 257}) {
    std::vector<double> counts(bound + 1);
    for (int i = 0; i < 100000; ++i) ++counts[source->below(bound)];
    EXPECT_EQ(counts[bound], 0);
    counts.pop_back();
    if (bound > 1) expect_fit(counts, std::vector<long double>(bound, 1));
  }
  // A bound of 3/4 of the range: without rejection the lower half would come up twice as often as the upper one.
  const std::uint64_t bound = std::uint64_t{3} << 62;
  expect_probability([&] { return source->below(bound) < bound / 3; }, 1.0 / 3);
  EXPECT_EQ(kind_of([&] { source->below(0); }), ErrorKind::internal);
}

}  // namespace
}  // namespace understudy
