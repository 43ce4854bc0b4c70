// A schema's TOML text. What parses can be written and reads back the same.
#include "understudy/schema.h"

#include "target.h"

using namespace understudy;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto schema = taken(ErrorKind::input, [&] { return parse_schema(as_text(data, size), "input"); });
  if (!schema) return 0;
  const std::string text = to_toml(*schema);
  const auto again = taken(ErrorKind::input, [&] { return parse_schema(text, "again"); });
  require(again && to_toml(*again) == text, "a schema that does not survive its own text:\n" + text);
  return 0;
}
