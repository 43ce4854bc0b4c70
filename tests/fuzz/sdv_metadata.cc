// SDV metadata. What is a whole schema can be written as one.
#include "target.h"
#include "understudy/schema.h"

using namespace understudy;

namespace {

bool is_whole(const Schema& schema) {
  return taken(ErrorKind::input, [&] { return schema.validate(), true; }).has_value();
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto schema = taken(ErrorKind::input, [&] { return parse_sdv_metadata(as_text(data, size), "input"); });
  if (!schema || !is_whole(*schema)) return 0;
  const std::string text = to_toml(*schema);
  const auto again = taken(ErrorKind::input, [&] { return parse_schema(text, "again"); });
  require(again && to_toml(*again) == text, "a schema that does not survive its own text:\n" + text);
  return 0;
}
