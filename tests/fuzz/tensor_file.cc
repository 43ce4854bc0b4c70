// A model file's layout. An input is read as it stands; and as a header (its first line) and tensor bytes (the rest),
// put together with the length and the checksum that belong to them.
#include "understudy/tensor_file.h"

#include <cstring>

#include "core/files.h"
#include "core/json.h"
#include "target.h"

using namespace understudy;
using nlohmann::json;

namespace {

std::span<const std::uint8_t> bytes_of(const std::string& text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

std::string put_together(std::string_view header_text, std::string_view data) {
  json header = parse_json<json>(header_text);
  std::string text(header_text);
  if (header.is_object() && header.contains("__metadata__") && header["__metadata__"].is_object()) {
    header["__metadata__"]["sha256"] = "";
    const std::string checked = header.dump() + std::string(data);
    header["__metadata__"]["sha256"] = sha256(bytes_of(checked));
    text = header.dump();
  }
  const std::uint64_t length = text.size();
  std::string file(sizeof length, '\0');
  std::memcpy(file.data(), &length, sizeof length);
  return file + text + std::string(data);
}

void read_all(const TensorFile& file) {
  for (const auto& entry : file.tensors) {
    taken(ErrorKind::input, [&] { return file.floats(entry.first); });
    taken(ErrorKind::input, [&] { return file.doubles(entry.first); });
    taken(ErrorKind::input, [&] { return file.integers(entry.first); });
    taken(ErrorKind::input, [&] { return file.words(entry.first); });
  }
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = as_text(data, size);
  const std::string_view header = text.substr(0, text.find('\n'));
  const std::string_view rest = text.substr(std::min(header.size() + 1, text.size()));
  for (const std::string& content : {std::string(text), put_together(header, rest)}) {
    const auto file = taken(ErrorKind::input, [&] { return parse_tensor_file(bytes_of(content), "input"); });
    if (file) read_all(*file);
  }
  return 0;
}
