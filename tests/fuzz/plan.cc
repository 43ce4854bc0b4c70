// A plan as JSON. What parses can be written and reads back the same.
#include "core/json.h"
#include "target.h"
#include "understudy/privacy.h"

using namespace understudy;
using nlohmann::ordered_json;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto json = parse_json<ordered_json>(as_text(data, size));
  const auto plan = taken(ErrorKind::input, [&] { return plan_from_json(json); });
  if (!plan) return 0;
  const std::string text = to_json(*plan).dump();
  const auto again = taken(ErrorKind::input, [&] { return plan_from_json(ordered_json::parse(text)); });
  require(again && to_json(*again).dump() == text, "a plan that does not survive its own text: " + text);
  return 0;
}
