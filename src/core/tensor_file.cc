#include "understudy/tensor_file.h"

#include <bit>
#include <cstring>
#include <utility>

#include "core/files.h"
#include "core/json.h"
#include "understudy/error.h"

namespace understudy {
namespace {

using nlohmann::json;

static_assert(std::endian::native == std::endian::little, "model files are little-endian");

struct TypeName {
  Tensor::Type type;
  std::string_view name;
  std::size_t bytes;
};
constexpr TypeName kTypes[] = {{Tensor::Type::f32, "F32", 4}, {Tensor::Type::f64, "F64", 8},
                               {Tensor::Type::i64, "I64", 8}, {Tensor::Type::u64, "U64", 8}};

const TypeName& type_name(Tensor::Type type) {
  for (const auto& entry : kTypes) {
    if (entry.type == type) return entry;
  }
  fail(ErrorKind::internal, "unknown tensor type");
}

template <class T>
void store(TensorFile& file, const std::string& name, Tensor::Type type, std::vector<std::int64_t> shape,
           std::span<const T> values) {
  Tensor tensor{type, std::move(shape), std::vector<std::uint8_t>(values.size_bytes())};
  if (!values.empty()) std::memcpy(tensor.bytes.data(), values.data(), values.size_bytes());
  file.tensors[name] = std::move(tensor);
}

template <class T>
std::vector<T> fetch(const TensorFile& file, const std::string& name, Tensor::Type type) {
  const Tensor& tensor = file.tensor(name);
  if (tensor.type != type) fail(ErrorKind::input, "tensor '{}' of the model file has an unexpected type", name);
  std::vector<T> values(tensor.bytes.size() / sizeof(T));
  if (!values.empty()) std::memcpy(values.data(), tensor.bytes.data(), tensor.bytes.size());
  return values;
}

constexpr std::size_t kMaximumHeader = 100'000'000;

// Elements of a shape, or npos when it is negative or too large.
std::size_t elements(const std::vector<std::int64_t>& shape, std::size_t limit) {
  std::size_t count = 1;
  for (const std::int64_t n : shape) {
    if (n < 0 || (n > 0 && count > limit / static_cast<std::size_t>(n))) return std::string::npos;
    count *= static_cast<std::size_t>(n);
  }
  return count;
}

// Of everything in the file: the header with an empty checksum, then the tensors.
std::string checksum(const json& header, std::string_view data) {
  std::string checked = header.dump();
  checked.append(data);
  return sha256(checked);
}

// Of a size or an offset: a fraction is not rounded.
std::int64_t whole(const json& value) {
  if (!value.is_number_integer()) throw std::runtime_error("a tensor's shape and offsets must be whole numbers");
  return value.get<std::int64_t>();
}

Tensor parse_tensor(const json& entry, std::span<const std::uint8_t> data) {
  const std::string dtype = entry.at("dtype");
  for (const auto& [type, name, width] : kTypes) {
    if (name != dtype) continue;
    Tensor tensor{type, {}, {}};
    for (const json& size : entry.at("shape")) tensor.shape.push_back(whole(size));
    const auto begin = static_cast<std::size_t>(whole(entry.at("data_offsets").at(0)));
    const auto end = static_cast<std::size_t>(whole(entry.at("data_offsets").at(1)));
    const std::size_t count = elements(tensor.shape, data.size());
    if (begin > end || end > data.size() || count == std::string::npos || count * width != end - begin) {
      throw std::runtime_error("a tensor's offsets do not fit its shape");
    }
    tensor.bytes.assign(data.begin() + static_cast<std::ptrdiff_t>(begin),
                        data.begin() + static_cast<std::ptrdiff_t>(end));
    return tensor;
  }
  throw std::runtime_error("unknown tensor type");
}

}  // namespace

void TensorFile::put(const std::string& name, std::vector<std::int64_t> shape, std::span<const float> values) {
  store(*this, name, Tensor::Type::f32, std::move(shape), values);
}
void TensorFile::put(const std::string& name, std::vector<std::int64_t> shape, std::span<const double> values) {
  store(*this, name, Tensor::Type::f64, std::move(shape), values);
}
void TensorFile::put(const std::string& name, std::vector<std::int64_t> shape, std::span<const std::int64_t> values) {
  store(*this, name, Tensor::Type::i64, std::move(shape), values);
}
void TensorFile::put(const std::string& name, std::vector<std::int64_t> shape, std::span<const std::uint64_t> values) {
  store(*this, name, Tensor::Type::u64, std::move(shape), values);
}

const Tensor& TensorFile::tensor(const std::string& name) const {
  const auto it = tensors.find(name);
  if (it == tensors.end()) fail(ErrorKind::input, "the model file has no tensor '{}'", name);
  return it->second;
}
std::vector<float> TensorFile::floats(const std::string& name) const { return fetch<float>(*this, name, Tensor::Type::f32); }
std::vector<double> TensorFile::doubles(const std::string& name) const { return fetch<double>(*this, name, Tensor::Type::f64); }
std::vector<std::int64_t> TensorFile::integers(const std::string& name) const {
  return fetch<std::int64_t>(*this, name, Tensor::Type::i64);
}
std::vector<std::uint64_t> TensorFile::words(const std::string& name) const {
  return fetch<std::uint64_t>(*this, name, Tensor::Type::u64);
}

void write_tensor_file(const TensorFile& file, const std::string& path) {
  std::string data;
  json header = json::object();
  for (const auto& [name, tensor] : file.tensors) {
    const std::size_t begin = data.size();
    data.append(reinterpret_cast<const char*>(tensor.bytes.data()), tensor.bytes.size());
    header[name] = {{"dtype", type_name(tensor.type).name}, {"shape", tensor.shape}, {"data_offsets", {begin, data.size()}}};
  }
  header["__metadata__"] = {{"understudy", file.metadata.dump()}, {"sha256", ""}};
  header["__metadata__"]["sha256"] = checksum(header, data);
  std::string text = header.dump();
  text.resize((text.size() + 7) / 8 * 8, ' ');
  const std::uint64_t length = text.size();
  std::string content(sizeof length, '\0');
  std::memcpy(content.data(), &length, sizeof length);
  write_atomically(path, content + text + data);
}

TensorFile parse_tensor_file(std::span<const std::uint8_t> bytes, const std::string& place) {
  try {
    std::uint64_t length = 0;
    if (bytes.size() < sizeof length) throw std::runtime_error("it is too short");
    std::memcpy(&length, bytes.data(), sizeof length);
    if (length > kMaximumHeader || length > bytes.size() - sizeof length) throw std::runtime_error("it is cut short");
    const auto text = bytes.subspan(sizeof length, length);
    const auto data = bytes.subspan(sizeof length + length);
    json header = parse_json<json>({reinterpret_cast<const char*>(text.data()), text.size()});
    if (!header.is_object()) throw std::runtime_error("its header is not JSON");
    const std::string metadata = header.at("__metadata__").at("understudy");
    const std::string sum = std::exchange(header["__metadata__"]["sha256"], "");
    if (sum != checksum(header, {reinterpret_cast<const char*>(data.data()), data.size()})) {
      throw std::runtime_error("its checksum differs: it was changed or damaged");
    }
    TensorFile file;
    file.metadata = parse_json<json>(metadata);
    if (!file.metadata.is_object()) throw std::runtime_error("its metadata is not JSON");
    for (const auto& [name, entry] : header.items()) {
      if (name != "__metadata__") file.tensors[name] = parse_tensor(entry, data);
    }
    return file;
  } catch (const json::exception&) {  // its text quotes the file
    fail(ErrorKind::input, "'{}' is not a whole Understudy model file: its header lacks a part", place);
  } catch (const std::exception& error) {
    fail(ErrorKind::input, "'{}' is not a whole Understudy model file: {}", place, error.what());
  }
}

TensorFile read_tensor_file(const std::string& path) {
  const std::string content = read_text(path);
  return parse_tensor_file({reinterpret_cast<const std::uint8_t*>(content.data()), content.size()}, path);
}

}  // namespace understudy
