#include "understudy/tensor_file.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <filesystem>
#include <functional>

#include "core/files.h"
#include "understudy/error.h"

namespace understudy {
namespace {

TensorFile example() {
  TensorFile file;
  file.metadata = {{"generator", "gan"}, {"note", "ä \"quoted\""}};
  file.put("weights", {2, 3}, std::vector<float>{1, -2.5F, 0, 1e-30F, 3, INFINITY});
  file.put("edges", {2}, std::vector<double>{0.1, -1e300});
  file.put("counts", {1, 2}, std::vector<std::int64_t>{-5, INT64_MAX});
  file.put("state", {1}, std::vector<std::uint64_t>{~0ULL});
  file.put("empty", {0, 4}, std::vector<float>{});
  return file;
}

std::string path() { return testing::TempDir() + "tensor_file_test.safetensors"; }

std::vector<std::uint8_t> written(const TensorFile& file) {
  write_tensor_file(file, path());
  const std::string text = read_text(path());
  std::filesystem::remove(path());
  return {text.begin(), text.end()};
}

void expect_refused(const std::vector<std::uint8_t>& bytes, const std::string& what) {
  try {
    parse_tensor_file(bytes, "some.model");
    ADD_FAILURE() << "accepted: " << what;
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::input) << what;
    EXPECT_NE(std::string(error.what()).find("some.model"), std::string::npos) << what;
  }
}

TEST(TensorFile, ReadsWhatItWrote) {
  const TensorFile file = example();
  write_tensor_file(file, path());
  const TensorFile back = read_tensor_file(path());
  EXPECT_EQ(back.metadata, file.metadata);
  ASSERT_EQ(back.tensors.size(), file.tensors.size());
  for (const auto& [name, tensor] : file.tensors) {
    EXPECT_EQ(back.tensor(name).shape, tensor.shape) << name;
    EXPECT_EQ(back.tensor(name).bytes, tensor.bytes) << name;
  }
  EXPECT_EQ(back.floats("weights")[1], -2.5F);
  EXPECT_EQ(back.doubles("edges")[1], -1e300);
  EXPECT_EQ(back.integers("counts")[1], INT64_MAX);
  EXPECT_EQ(back.words("state")[0], ~0ULL);
  std::filesystem::remove(path());
}

TEST(TensorFile, SameContentSameBytes) { EXPECT_EQ(written(example()), written(example())); }

TEST(TensorFile, LayoutIsThatOfSafetensors) {
  const auto bytes = written(example());
  std::uint64_t length = 0;
  std::memcpy(&length, bytes.data(), 8);
  ASSERT_EQ(length % 8, 0u);
  const auto header = nlohmann::json::parse(bytes.begin() + 8, bytes.begin() + 8 + static_cast<std::ptrdiff_t>(length));
  EXPECT_EQ(header["weights"]["dtype"], "F32");
  EXPECT_EQ(header["weights"]["shape"], (std::vector<int>{2, 3}));
  const auto begin = header["weights"]["data_offsets"][0].get<std::size_t>();
  EXPECT_EQ(header["weights"]["data_offsets"][1].get<std::size_t>() - begin, 24u);
  float second = 0;
  std::memcpy(&second, bytes.data() + 8 + length + begin + 4, 4);
  EXPECT_EQ(second, -2.5F);
}

TEST(TensorFile, NoTruncationIsAccepted) {
  const auto bytes = written(example());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    expect_refused({bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size)}, "first " + std::to_string(size));
  }
}

// A changed byte of a tensor or of the metadata changes the checksum; one of the tensors' table changes a name, a type,
// a shape or an offset, or nothing that is read. Whatever is accepted must have the right sizes.
TEST(TensorFile, ChangedBytesOfTheDataAreRefused) {
  const auto bytes = written(example());
  std::uint64_t length = 0;
  std::memcpy(&length, bytes.data(), 8);
  for (std::size_t at = 8 + length; at < bytes.size(); ++at) {
    auto changed = bytes;
    changed[at] ^= 1;
    expect_refused(changed, "byte " + std::to_string(at));
  }
}

TEST(TensorFile, ChangedBytesOfTheHeaderNeverReachOutside) {
  const auto bytes = written(example());
  std::uint64_t length = 0;
  std::memcpy(&length, bytes.data(), 8);
  for (std::size_t at = 0; at < 8 + length; ++at) {
    for (const std::uint8_t value : {0x00, 0x22, 0x2d, 0x31, 0x39, 0xff}) {
      auto changed = bytes;
      changed[at] = value;
      try {
        for (const auto& [name, tensor] : parse_tensor_file(changed, "x").tensors) {
          std::size_t count = tensor.type == Tensor::Type::f32 ? 4 : 8;
          for (const std::int64_t n : tensor.shape) count *= static_cast<std::size_t>(n);
          EXPECT_EQ(count, tensor.bytes.size()) << name;
        }
      } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::input);
      }
    }
  }
}

TEST(TensorFile, HostileLengthsAreRefused) {
  for (const std::uint64_t length : {~0ULL, 1ULL << 63, 100'000'001ULL, 9ULL}) {
    std::vector<std::uint8_t> bytes(16, ' ');
    std::memcpy(bytes.data(), &length, 8);
    expect_refused(bytes, std::to_string(length));
  }
}

// A file of this header, without tensor bytes; its checksum holds where the header is JSON.
std::vector<std::uint8_t> with_header(const std::string& tensors) {
  std::string header = R"({"__metadata__":{"sha256":"","understudy":"{}"},"a":)" + tensors + "}";
  const std::string sum = sha256(header);
  header.insert(header.find("\"sha256\":\"") + 10, sum);
  const std::uint64_t length = header.size();
  std::vector<std::uint8_t> bytes(8 + header.size());
  std::memcpy(bytes.data(), &length, 8);
  std::memcpy(bytes.data() + 8, header.data(), header.size());
  return bytes;
}

TEST(TensorFile, AHeaderThatNestsDeeplyIsRefused) {
  expect_refused(with_header(std::string(200000, '[') + std::string(200000, ']')), "deep");
}

TEST(TensorFile, SizesAndOffsetsAreWholeNumbers) {
  EXPECT_NO_THROW(parse_tensor_file(with_header(R"({"data_offsets":[0,0],"dtype":"F32","shape":[0]})"), "x"));
  for (const std::string offsets : {"[0,1e+102]", "[0.5,0]", "[true,0]", "[0,-1]", "[0]"}) {
    expect_refused(with_header(R"({"data_offsets":)" + offsets + R"(,"dtype":"F32","shape":[0]})"), offsets);
  }
  expect_refused(with_header(R"({"data_offsets":[0,0],"dtype":"F32","shape":[1e+102]})"), "shape");
}

TEST(TensorFile, UnknownNamesAndTypesAreRefused) {
  const TensorFile file = example();
  for (const auto& act : std::initializer_list<std::function<void()>>{
           [&] { file.tensor("bias"); }, [&] { file.doubles("weights"); }, [&] { file.integers("state"); }}) {
    try {
      act();
      ADD_FAILURE();
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::input);
    }
  }
}

TEST(TensorFile, AMissingFileIsNamed) {
  try {
    read_tensor_file(testing::TempDir() + "no_such.model");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::input);
    EXPECT_NE(std::string(error.what()).find("no_such.model"), std::string::npos);
  }
}

}  // namespace
}  // namespace understudy
