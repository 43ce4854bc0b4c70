// Model and checkpoint files: the safetensors layout (8-byte little-endian header length, JSON header, raw tensors),
// with our metadata as JSON text under "__metadata__" and a checksum over the tensors (docs/formats/model.md).
//
//   TensorFile file;
//   file.metadata["generator"] = "gan";
//   file.put("w1", {64, 128}, weights);
//   write_tensor_file(file, path);
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <vector>

namespace understudy {

struct Tensor {
  enum class Type { f32, f64, i64, u64 };
  Type type = Type::f32;
  std::vector<std::int64_t> shape;
  std::vector<std::uint8_t> bytes;  // row-major, little-endian
};

struct TensorFile {
  nlohmann::json metadata = nlohmann::json::object();
  std::map<std::string, Tensor> tensors;

  void put(const std::string& name, std::vector<std::int64_t> shape, std::span<const float> values);
  void put(const std::string& name, std::vector<std::int64_t> shape, std::span<const double> values);
  void put(const std::string& name, std::vector<std::int64_t> shape, std::span<const std::int64_t> values);
  void put(const std::string& name, std::vector<std::int64_t> shape, std::span<const std::uint64_t> values);

  // ErrorKind::input when there is no such tensor, or it has another type.
  const Tensor& tensor(const std::string& name) const;
  std::vector<float> floats(const std::string& name) const;
  std::vector<double> doubles(const std::string& name) const;
  std::vector<std::int64_t> integers(const std::string& name) const;
  std::vector<std::uint64_t> words(const std::string& name) const;
};

// Written beside `path` first, synced, then renamed: the final name never holds half a file.
void write_tensor_file(const TensorFile& file, const std::string& path);
// ErrorKind::input naming the file: too short, header not JSON, offsets out of range, checksum differs.
TensorFile read_tensor_file(const std::string& path);
TensorFile parse_tensor_file(std::span<const std::uint8_t> bytes, const std::string& place);

}  // namespace understudy
